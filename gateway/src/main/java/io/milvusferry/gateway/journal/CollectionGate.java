package io.milvusferry.gateway.journal;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.StampedLock;

/**
 * Lets writes of one collection run side by side, and some of them alone: those whose place among
 * the others no timestamp tells. A pass may be given back by another thread than took it.
 */
public final class CollectionGate {
  private final StampedLock lock = new StampedLock();

  /** The right to write. */
  @FunctionalInterface
  public interface Pass extends AutoCloseable {
    /** Gives it back; once. */
    @Override
    void close();
  }

  /** Waits until no write runs alone. */
  public Pass shared() {
    try {
      long stamp = lock.readLockInterruptibly();
      return () -> lock.unlockRead(stamp);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /**
   * Waits until no other write runs. New ones wait behind it.
   *
   * @throws FerryException {@code MIRROR_BUSY} after {@code patience}
   */
  public Pass alone(Duration patience) {
    try {
      long stamp = lock.tryWriteLock(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (stamp == 0) {
        throw new FerryException(
            ErrorCode.MIRROR_BUSY,
            "writes of the collection did not end within " + patience.toSeconds() + " s",
            "Try again when fewer writes are under way.",
            null);
      }
      return () -> lock.unlockWrite(stamp);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static FerryException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new FerryException(
        ErrorCode.INTERRUPTED,
        "waiting for other writes was stopped",
        "Run the same command again; it resumes.",
        cause);
  }
}
