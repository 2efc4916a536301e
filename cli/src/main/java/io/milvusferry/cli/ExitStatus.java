package io.milvusferry.cli;

import io.milvusferry.error.ErrorCategory;
import java.util.Arrays;

/** The status that {@code ferry} ends with; {@code docs/exit-status.md} lists the same. */
enum ExitStatus {
  DONE(0, "done and proven"),
  BUG(1, "bug"),
  USAGE(2, "usage or configuration"),
  PARTIAL(3, "partial: some collections done"),
  DIFFERENCE(4, "verification found a difference"),
  TEMPORARY(5, "temporary: run again, it resumes"),
  INTEGRITY(6, "integrity or signature broken"),
  PERMISSION(7, "permission, credentials or host key"),
  INCOMPATIBLE(8, "incompatible version or capability"),
  CONFLICT(9, "conflict at the target: it holds something else under that name"),
  NOT_FOUND(10, "not found"),
  LOCKED(11, "locked: another process works there"),
  NO_SPACE(12, "no space or quota"),
  STOPPED_BY_SIGINT(130, "stopped by Ctrl-C, state saved"),
  STOPPED_BY_SIGTERM(143, "stopped by SIGTERM, state saved");

  /** Statuses above this number tell which signal ended the process. */
  static final int SIGNAL_BASE = 128;

  private final int number;
  private final String meaning;

  ExitStatus(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  int number() {
    return number;
  }

  /** What the status says, in a few words. */
  String meaning() {
    return meaning;
  }

  static ExitStatus of(ErrorCategory category) {
    return switch (category) {
      case BUG -> BUG;
      case USAGE -> USAGE;
      case PARTIAL -> PARTIAL;
      case DIFFERENCE -> DIFFERENCE;
      case TEMPORARY -> TEMPORARY;
      case INTEGRITY -> INTEGRITY;
      case PERMISSION -> PERMISSION;
      case INCOMPATIBLE -> INCOMPATIBLE;
      case CONFLICT -> CONFLICT;
      case NOT_FOUND -> NOT_FOUND;
      case LOCKED -> LOCKED;
      case NO_SPACE -> NO_SPACE;
    };
  }

  /** The status of a process that a signal stopped. */
  static ExitStatus ofSignal(int signal) {
    return Arrays.stream(values())
        .filter(status -> status.number == SIGNAL_BASE + signal)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("signal " + signal + " is not handled"));
  }

  /** All statuses, one line each. */
  static String table() {
    StringBuilder table = new StringBuilder();
    for (ExitStatus status : values()) {
      table.append("%4d  %s%n".formatted(status.number, status.meaning));
    }
    return table.toString();
  }
}
