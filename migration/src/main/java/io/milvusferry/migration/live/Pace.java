package io.milvusferry.migration.live;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time, as phases look at it and let it pass. */
public interface Pace extends InstantSource {
  /** That of this machine. */
  Pace REAL =
      new Pace() {
        @Override
        public Instant instant() {
          return InstantSource.system().instant();
        }

        @Override
        public void pause(Duration duration) {
          try {
            Thread.sleep(duration.toMillis());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FerryException(
                ErrorCode.INTERRUPTED,
                "interrupted while waiting",
                "Run the same command again; it goes on where it was.",
                e);
          }
        }
      };

  /** Sleeps, and gives up with {@code INTERRUPTED} when the thread is interrupted. */
  void pause(Duration duration);
}
