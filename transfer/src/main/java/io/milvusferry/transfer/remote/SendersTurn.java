package io.milvusferry.transfer.remote;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.util.concurrent.Semaphore;

/**
 * The part of an operation in which it alone sends much over a connection. The next one is prepared
 * meanwhile, and sends while this one waits for its last answers. For one thread.
 */
final class SendersTurn {
  /**
   * So many bytes before the end of its own, an operation lets the next one prepare: enough to send
   * while the next one waits for its first answer. Not more, for what a slow connection has taken
   * no faster one can send.
   */
  static final int ALMOST = 256 << 10;

  private final Semaphore sender;
  private final Runnable next;
  private boolean has;
  private boolean prepares;

  /**
   * A turn that has not begun.
   *
   * @param sender of the connection: one permit, fair
   * @param next run once when the next operation may prepare
   */
  SendersTurn(Semaphore sender, Runnable next) {
    this.sender = sender;
    this.next = next;
  }

  /** Waits until the operations before it have sent what they have to. */
  void begin() {
    try {
      sender.acquire();
      has = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FerryException(
          ErrorCode.INTERRUPTED,
          "stopped while waiting for a connection",
          "Run the same command again; it resumes.",
          e);
    }
  }

  /** Lets the next one prepare; without effect where it does already. */
  void almostDone() {
    if (!prepares) {
      prepares = true;
      next.run();
    }
  }

  /** Lets the next one send; without effect where it does already. */
  void handOver() {
    almostDone();
    if (has) {
      has = false;
      sender.release();
    }
  }
}
