package io.milvusferry.error;

import org.jspecify.annotations.Nullable;

/**
 * A failure that a user is told: a code, one sentence with the actual values, and what to do next.
 */
public final class FerryException extends RuntimeException {
  private final ErrorCode code;
  private final String hint;

  /**
   * @param message lower case, with the actual values, without a full stop
   * @param hint a sentence that says what to do next
   */
  public FerryException(ErrorCode code, String message, String hint, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.hint = hint;
  }

  public ErrorCode code() {
    return code;
  }

  public String hint() {
    return hint;
  }
}
