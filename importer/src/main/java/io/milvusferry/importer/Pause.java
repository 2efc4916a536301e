package io.milvusferry.importer;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.time.Duration;

/** Lets time pass between two looks at the server. */
@FunctionalInterface
interface Pause {
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

  void pause(Duration duration);
}
