package io.milvusferry.gateway.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.ErrorCode;
import io.milvus.grpc.MutationResult;
import io.milvusferry.gateway.journal.ReplayOutcome;
import io.milvusferry.gateway.journal.ReplayOutcome.Applied;
import io.milvusferry.gateway.journal.ReplayOutcome.Later;
import io.milvusferry.gateway.journal.ReplayOutcome.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers that a Milvus 2.3.5 gave. */
@SuppressWarnings("deprecation")
class RefusalsTest {
  private static ReplayOutcome answered(int code, ErrorCode old, String reason) {
    return Refusals.outcome(
        MutationResult.newBuilder()
            .setStatus(
                io.milvus.grpc.Status.newBuilder()
                    .setCode(code)
                    .setErrorCode(old)
                    .setReason(reason))
            .setTimestamp(7)
            .build());
  }

  @Test
  void takesTheTimestampOfWhatWasDone() {
    assertThat(answered(0, ErrorCode.Success, "")).isEqualTo(new Applied(7));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1100 | IllegalArgument | the length (20) of 0th string exceeds max length (10)",
        "65535 | UnexpectedError | the length(5) of float data should divide the dim(4)",
        "65535 | UnexpectedError | failed to create expr plan, expr = id in [1,",
      })
  void givesUpOnRowsThatNoServerOfThatSchemaTakes(int code, ErrorCode old, String reason) {
    assertThat(answered(code, old, reason)).isInstanceOf(Refused.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "100 | CollectionNotExists | collection not found[database=default][collection=nope]",
        "200 | MetaFailed | partition not found[partition=nope]",
        "8 | RateLimit | request is rejected by grpc RateLimiter middleware",
        "65535 | UnexpectedError | something nobody has seen before",
      })
  void triesAgainWhatMayPass(int code, ErrorCode old, String reason) {
    assertThat(answered(code, old, reason))
        .isEqualTo(new Later("%s (code %d)".formatted(reason, code)));
  }

  @Test
  void triesAgainWhenNoServerAnswers() {
    assertThat(
            Refusals.outcome(
                io.milvus.shaded.io.grpc.Status.UNAVAILABLE.withDescription("io exception")))
        .isEqualTo(new Later("UNAVAILABLE: io exception"));
  }

  @Test
  void givesUpOnWhatIsLargerThanTheServerTakes() {
    assertThat(
            Refusals.outcome(
                io.milvus.shaded.io.grpc.Status.RESOURCE_EXHAUSTED.withDescription(
                    "grpc: received message larger than max (70000000 vs. 67108864)")))
        .isInstanceOf(Refused.class);
  }
}
