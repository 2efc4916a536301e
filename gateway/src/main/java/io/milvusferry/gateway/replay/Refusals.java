package io.milvusferry.gateway.replay;

import io.milvus.grpc.ErrorCode;
import io.milvus.grpc.MutationResult;
import io.milvus.shaded.io.grpc.Status;
import io.milvusferry.gateway.journal.ReplayOutcome;
import java.util.List;
import java.util.Locale;

/**
 * Tells refusals that stay from those that pass. Only what a server says about the rows themselves
 * stays; everything else is tried again, since giving a write up is the worse mistake.
 */
final class Refusals {
  /** {@code merr} code of an invalid parameter. */
  private static final int PARAMETER_INVALID = 1100;

  /**
   * What 2.3 says about rows under the code of an unexpected error, in lower case. Seen on 2.3.5.
   */
  private static final List<String> ABOUT_ROWS =
      List.of("should divide the dim", "exceeds max length", "failed to create expr plan");

  private Refusals() {}

  /** What an answer means. */
  @SuppressWarnings("deprecation")
  static ReplayOutcome outcome(MutationResult answer) {
    io.milvus.grpc.Status status = answer.getStatus();
    if (status.getCode() == 0 && status.getErrorCode() == ErrorCode.Success) {
      return new ReplayOutcome.Applied(answer.getTimestamp());
    }
    String reason = "%s (code %d)".formatted(status.getReason(), status.getCode());
    String lower = reason.toLowerCase(Locale.ROOT);
    boolean stays =
        status.getCode() == PARAMETER_INVALID
            || status.getErrorCode() == ErrorCode.IllegalArgument
            || ABOUT_ROWS.stream().anyMatch(lower::contains);
    return stays ? new ReplayOutcome.Refused(reason) : new ReplayOutcome.Later(reason);
  }

  /** What a call without an answer means. */
  static ReplayOutcome outcome(Status status) {
    String reason = "%s: %s".formatted(status.getCode(), status.getDescription());
    boolean stays =
        status.getCode() == Status.Code.INVALID_ARGUMENT || reason.contains("larger than max");
    return stays ? new ReplayOutcome.Refused(reason) : new ReplayOutcome.Later(reason);
  }
}
