package io.milvusferry.transfer.remote;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Bytes that are on their way on one connection, of all files together. For several threads. */
final class Flight {
  private final int window;
  private final long patienceNanos;
  private int bytes;

  /**
   * Starts empty.
   *
   * @param window bytes at once, at most
   * @param patienceSeconds for others to make room
   */
  Flight(int window, long patienceSeconds) {
    this.window = window;
    this.patienceNanos = TimeUnit.SECONDS.toNanos(patienceSeconds);
  }

  /** Lets so many bytes in if there is room for them; an empty flight takes any number. */
  synchronized boolean enters(int count) {
    if (bytes > 0 && bytes + count > window) {
      return false;
    }
    bytes += count;
    return true;
  }

  /** As {@link #enters}, once others made room. */
  synchronized void await(int count) throws IOException {
    long end = System.nanoTime() + patienceNanos;
    while (!enters(count)) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        throw new IOException("the server acknowledges nothing any more");
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("stopped while waiting for acknowledgements", e);
      }
    }
  }

  synchronized void left(int count) {
    bytes -= count;
    notifyAll();
  }
}
