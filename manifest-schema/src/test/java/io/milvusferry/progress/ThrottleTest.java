package io.milvusferry.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ThrottleTest {
  private long now = 1_000_000;

  private Throttle throttle(long bytesPerSecond) {
    return Throttle.of(new ByteSize(bytesPerSecond), () -> now, nanos -> now += nanos);
  }

  @Test
  void keepsAFlowAtItsRateWhateverThePieces() throws InterruptedException {
    Random random = new Random(9);
    Throttle throttle = throttle(1_000_000);
    long start = now;
    long passed = 0;
    while (passed < 20_000_000) {
      int piece = 1 + random.nextInt(300_000);
      throttle.acquire(piece);
      passed += piece;
    }
    throttle.acquire(0);
    long expected = TimeUnit.SECONDS.toNanos(passed) / 1_000_000;
    assertThat(now - start).isBetween(expected - 1_000_000, expected + 1_000_000);
  }

  @Test
  void doesNotSaveUpForABurstWhatWasNotUsed() throws InterruptedException {
    Throttle throttle = throttle(1000);
    throttle.acquire(1000);
    now += TimeUnit.SECONDS.toNanos(100);
    long start = now;
    throttle.acquire(1000);
    throttle.acquire(1000);
    throttle.acquire(1000);
    assertThat(now - start).isEqualTo(TimeUnit.SECONDS.toNanos(2));
  }

  @Test
  void withoutALimitNobodyWaits() throws InterruptedException {
    long start = System.nanoTime();
    Throttle.NONE.acquire(Long.MAX_VALUE / 2);
    Throttle.NONE.acquire(Long.MAX_VALUE / 2);
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
  }

  @Test
  void aRateOfZeroIsRefused() {
    assertThatThrownBy(() -> Throttle.of(new ByteSize(0)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
