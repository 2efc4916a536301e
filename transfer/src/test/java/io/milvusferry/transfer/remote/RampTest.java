package io.milvusferry.transfer.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;

class RampTest {
  private static final long TICK = 250_000_000;
  private static final long FAR = 100_000_000;
  private static final long NEAR = 200_000;

  /** Opens what is allowed within a minute, on a link with a rate for connections and seconds. */
  private static int connections(long roundTrip, DoubleBinaryOperator bytesPerSecond) {
    Ramp ramp = new Ramp();
    ramp.distance(roundTrip);
    int open = 1;
    double moved = 0;
    for (long now = 0; now < 60_000_000_000L; now += TICK) {
      while (open < 64 && ramp.allows(open, open, (long) moved, now)) {
        open++;
      }
      moved += bytesPerSecond.applyAsDouble(open, now / 1e9) * TICK / 1e9;
    }
    return open;
  }

  @Test
  void goesOnWhereEachConnectionAddsItsShare() {
    assertThat(connections(FAR, (open, at) -> 600_000 * open)).isEqualTo(64);
  }

  @Test
  void stopsWhereTheLinkIsFull() {
    assertThat(connections(FAR, (open, at) -> Math.min(25e6, 2e6 * open))).isEqualTo(24);
    assertThat(connections(FAR, (open, at) -> Math.min(25e6, 8e6 * open))).isEqualTo(24);
    assertThat(connections(NEAR, (open, at) -> 300e6)).isEqualTo(4);
  }

  @Test
  void goesOnWhenConnectionsBecomeSlowerThanTheyWereAtFirst() {
    assertThat(connections(FAR, (open, at) -> Math.min(25e6, (at < 5 ? 3e6 : 600_000) * open)))
        .isGreaterThanOrEqualTo(32);
  }

  @Test
  void doesNotRunAfterARateThatTheLinkNoLongerHas() {
    assertThat(connections(FAR, (open, at) -> at < 10 ? 20e6 : 14e6)).isLessThanOrEqualTo(40);
  }

  @Test
  void opensAFewAtOnceAndThenWaitsForTheirRate() {
    Ramp ramp = new Ramp();
    ramp.distance(FAR);

    assertThat(ramp.allows(1, 1, 0, 0)).isTrue();
    assertThat(ramp.allows(15, 1, 0, 0)).isTrue();
    assertThat(ramp.allows(16, 15, 0, 0)).as("one is still logging in").isFalse();
    assertThat(ramp.allows(16, 16, 0, TICK)).isFalse();
    assertThat(ramp.allows(16, 16, 1000, 4 * TICK)).as("after 0.75 s").isFalse();
    assertThat(ramp.allows(16, 16, 1000, 5 * TICK)).as("after a second").isTrue();
    assertThat(ramp.allows(23, 16, 1000, 5 * TICK)).isTrue();
    assertThat(ramp.allows(24, 16, 1000, 5 * TICK)).isFalse();
  }

  @Test
  void opensAgainWhatBroke() {
    Ramp ramp = new Ramp();
    ramp.distance(FAR);
    ramp.allows(16, 16, 0, 0);

    assertThat(ramp.allows(2, 2, 0, 0)).isTrue();
  }
}
