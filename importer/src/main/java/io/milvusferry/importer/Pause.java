package io.milvusferry.importer;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.time.Duration;

/** Lets time pass between two looks at the server. */
@FunctionalInterface
public interface Pause {
  /** Sleeps, and gives up when the thread is interrupted. */
  Pause SLEEP =
      duration -> {
        try {
          Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new FerryException(
              ErrorCode.INTERRUPTED,
              "interrupted while waiting for the server",
              "Run the same command again; it continues.",
              e);
        }
      };

  /**
   * Returns after that time.
   *
   * @throws FerryException {@link ErrorCode#INTERRUPTED} when the thread is to stop
   */
  void pause(Duration duration);
}
