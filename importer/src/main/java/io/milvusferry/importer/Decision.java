package io.milvusferry.importer;

import io.milvusferry.error.ErrorCode;
import java.util.List;

/** What is to happen with one collection, decided before anything is written. */
sealed interface Decision {
  /** Whether rows may be loaded. */
  default boolean loads() {
    return true;
  }

  /** It is made and filled. */
  record Create() implements Decision {}

  /**
   * It is dropped, made again and filled.
   *
   * @param id the server's id of the one that is dropped
   */
  record Replace(long id) implements Decision {}

  /**
   * Rows are added to the one that is there.
   *
   * @param id the server's id of it
   * @param rowsBefore rows that it has
   */
  record Append(long id, long rowsBefore) implements Decision {}

  /**
   * An earlier run made it; this one goes on.
   *
   * @param id the server's id of it
   */
  record Continue(long id) implements Decision {}

  /**
   * An earlier run completed it.
   *
   * @param id the server's id of it
   * @param compared whether that run read every row back and found it the same
   */
  record NothingToDo(long id, boolean compared) implements Decision {
    @Override
    public boolean loads() {
      return false;
    }
  }

  /** It is there and stays as it is. */
  record Skip() implements Decision {
    @Override
    public boolean loads() {
      return false;
    }
  }

  /**
   * It cannot be imported as asked.
   *
   * @param refusals why, one at least
   */
  record Conflict(List<Refusal> refusals) implements Decision {
    public Conflict {
      refusals = List.copyOf(refusals);
      if (refusals.isEmpty()) {
        throw new IllegalArgumentException("a conflict without a reason");
      }
    }

    /** One that concerns the collection as a whole. */
    static Conflict of(ErrorCode code, String message, String hint) {
      return new Conflict(List.of(new Refusal(code, Refusal.WHOLE, message, hint)));
    }

    @Override
    public boolean loads() {
      return false;
    }
  }
}
