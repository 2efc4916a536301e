package io.milvusferry.gateway.journal;

import org.jspecify.annotations.Nullable;

/** What is known of a journaled write. The codes are part of the format. */
enum RecordState {
  /** The side that decides is asked, and has not answered. */
  INTENDED(0),
  /** It did it: the other side must do it too. */
  DONE(1),
  /** The other side refused it for good. */
  FAILED(2),
  /** It touches rows of a failed write, and waits for what becomes of that. */
  BLOCKED(3),
  /** No answer came, or it failed and is tried again: its rows are to be looked up. */
  UNRESOLVED(4);

  private final int code;

  RecordState(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /** The state with that code; null when there is none. */
  static @Nullable RecordState of(int code) {
    for (RecordState state : values()) {
      if (state.code == code) {
        return state;
      }
    }
    return null;
  }
}
