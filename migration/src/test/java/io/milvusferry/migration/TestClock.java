package io.milvusferry.migration;

import io.milvusferry.importer.Pause;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that moves only while somebody waits. */
final class TestClock implements InstantSource, Pause {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public synchronized void pause(Duration duration) {
    now = now.plus(duration);
  }
}
