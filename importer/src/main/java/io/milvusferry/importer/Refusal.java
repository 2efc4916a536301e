package io.milvusferry.importer;

import io.milvusferry.error.ErrorCode;

/**
 * A reason why a collection cannot be imported as asked.
 *
 * @param path what it is about, as the difference report names it; {@code name} for the collection
 *     as a whole
 * @param message lower case, with the names, no full stop
 * @param hint what to do about it, a sentence
 */
public record Refusal(ErrorCode code, String path, String message, String hint) {
  /** The path of what concerns the collection as a whole. */
  static final String WHOLE = "name";
}
