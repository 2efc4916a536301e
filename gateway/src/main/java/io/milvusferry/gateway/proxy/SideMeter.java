package io.milvusferry.gateway.proxy;

import io.milvusferry.gateway.ReadCounts;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;

/** Latencies and errors of one side. Safe for several threads. */
final class SideMeter {
  private static final int DIGITS = 2;

  private final ConcurrentHistogram micros = new ConcurrentHistogram(DIGITS);
  private final LongAdder errors = new LongAdder();

  SideMeter() {
    micros.setAutoResize(true);
  }

  void count(long nanos, boolean error) {
    micros.recordValue(Math.max(0, TimeUnit.NANOSECONDS.toMicros(nanos)));
    if (error) {
      errors.increment();
    }
  }

  long errors() {
    return errors.sum();
  }

  long calls() {
    return micros.getTotalCount();
  }

  long percentile(double percent) {
    return calls() == 0 ? 0 : micros.getValueAtPercentile(percent);
  }

  ReadCounts.SideReads counts() {
    return new ReadCounts.SideReads(calls(), errors(), percentile(50), percentile(95));
  }
}
