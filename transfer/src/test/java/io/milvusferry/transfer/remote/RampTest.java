package io.milvusferry.transfer.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class RampTest {
  private static final long TICK = 250_000_000;

  /** Opens what is allowed, on a link whose rate follows from the number of connections. */
  private static int connections(IntToDoubleFunction bytesPerSecond) {
    Ramp ramp = new Ramp();
    int open = 1;
    double moved = 0;
    for (long now = 0; now < 60_000_000_000L; now += TICK) {
      while (open < 64 && ramp.allows(open, open, (long) moved, now)) {
        open++;
      }
      moved += bytesPerSecond.applyAsDouble(open) * TICK / 1e9;
    }
    return open;
  }

  @Test
  void goesOnWhereEachConnectionAddsItsShare() {
    assertThat(connections(open -> 600_000.0 * open)).isEqualTo(64);
  }

  @Test
  void stopsWhereTheLinkIsFull() {
    assertThat(connections(open -> Math.min(25e6, 600_000.0 * open))).isEqualTo(64);
    assertThat(connections(open -> Math.min(25e6, 3e6 * open))).isEqualTo(16);
    assertThat(connections(open -> Math.min(25e6, 8e6 * open))).isEqualTo(8);
  }

  @Test
  void opensAFewAtOnceAndThenWaitsForTheirRate() {
    Ramp ramp = new Ramp();

    assertThat(ramp.allows(1, 1, 0, 0)).isTrue();
    assertThat(ramp.allows(3, 1, 0, 0)).isTrue();
    assertThat(ramp.allows(4, 3, 0, 0)).as("one is still logging in").isFalse();
    assertThat(ramp.allows(4, 4, 0, TICK)).isFalse();
    assertThat(ramp.allows(4, 4, 1000, 4 * TICK)).as("after 0.75 s").isFalse();
    assertThat(ramp.allows(4, 4, 1000, 5 * TICK)).as("after a second").isTrue();
  }

  @Test
  void opensAgainWhatBroke() {
    Ramp ramp = new Ramp();
    ramp.allows(4, 4, 0, 0);

    assertThat(ramp.allows(2, 2, 0, 0)).isTrue();
  }
}
