package io.milvusferry.migration.live;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Time that passes only when somebody waits for it. */
final class SteppedPace implements Pace {
  private final List<Runnable> meanwhile = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  /** Runs something in each pause from now on. */
  void meanwhile(Runnable action) {
    meanwhile.add(action);
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public void pause(Duration duration) {
    now = now.plus(duration);
    List.copyOf(meanwhile).forEach(Runnable::run);
  }
}
