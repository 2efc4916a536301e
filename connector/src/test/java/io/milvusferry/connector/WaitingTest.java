package io.milvusferry.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WaitingTest {
  @Test
  void asksUntilNothingIsPending() {
    AtomicInteger left = new AtomicInteger(3);

    Waiting.until(
        Duration.ofMinutes(1),
        "loading",
        () -> left.getAndDecrement() == 0 ? "" : "still " + left.get());

    assertThat(left).hasValue(-1);
  }

  @Test
  void doesNotFailWhenTheDeadlineIsOverButNothingIsPending() {
    AtomicInteger asked = new AtomicInteger();

    Waiting.until(
        Duration.ZERO,
        "loading",
        () -> {
          asked.incrementAndGet();
          return "";
        });

    assertThat(asked).hasValue(1);
  }

  @Test
  void saysAfterTheDeadlineWhatWasAwaitedAndWhatIsLeft() {
    AtomicInteger asked = new AtomicInteger();

    FerryException failure =
        catchThrowableOfType(
            FerryException.class,
            () ->
                Waiting.until(
                    Duration.ofMillis(10),
                    "flushing default.a",
                    () -> "segments [7] are not persistent, asked " + asked.incrementAndGet()));

    assertThat(failure.code()).isEqualTo(ErrorCode.SERVER_TIMEOUT);
    assertThat(failure)
        .hasMessageContaining("flushing default.a did not end within 0 s")
        .hasMessageEndingWith("segments [7] are not persistent, asked " + asked.get());
    assertThat(asked).hasValueGreaterThan(1);
  }

  @Test
  void stopsWhenInterruptedAndKeepsTheFlag() {
    Thread.currentThread().interrupt();

    FerryException failure =
        catchThrowableOfType(
            FerryException.class,
            () -> Waiting.until(Duration.ofMinutes(1), "loading", () -> "pending"));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure.code()).isEqualTo(ErrorCode.INTERRUPTED);
  }

  @Test
  void letsAFailureOfTheQuestionThrough() {
    IllegalStateException broken = new IllegalStateException("broken");

    IllegalStateException failure =
        catchThrowableOfType(
            IllegalStateException.class,
            () ->
                Waiting.until(
                    Duration.ofMinutes(1),
                    "loading",
                    () -> {
                      throw broken;
                    }));

    assertThat(failure).isSameAs(broken);
  }
}
