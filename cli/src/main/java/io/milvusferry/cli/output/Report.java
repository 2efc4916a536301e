package io.milvusferry.cli.output;

import com.google.gson.JsonObject;
import io.milvusferry.error.FerryException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What a command has to say in the end, for people and for machines. */
public interface Report {
  /** The result, line by line. */
  List<String> lines();

  /** Single differences, one sentence each; for people they precede the result. */
  default List<Finding> findings() {
    return List.of();
  }

  /** Adds the members that are the command's own to the result object. */
  void describe(JsonObject result);

  /** Why the status is not 0; empty when all is done and proven. */
  default Optional<FerryException> failure() {
    return Optional.empty();
  }

  /** The status to end with where {@link #failure} is not what decides it. */
  default OptionalInt exit() {
    return OptionalInt.empty();
  }

  /**
   * One difference.
   *
   * @param text a sentence in lower case without a full stop
   * @param members the same, for machines
   */
  record Finding(String text, JsonObject members) {}
}
