package io.milvusferry.connector;

import io.milvus.grpc.QueryResults;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Answers to queries as they come off the wire. */
final class Answers {
  private Answers() {}

  static QueryAnswer of(QueryResults results) {
    try {
      return QueryAnswer.parse(results.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
