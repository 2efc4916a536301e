package io.milvusferry.gateway.proxy;

import java.util.Map;
import java.util.Optional;

/** The reads that can be answered by either server, and the numbers of their fields. */
enum ReadKind {
  QUERY(8, 11, 12, 9, 0),
  SEARCH(11, 14, 15, 9, 0),
  HYBRID_SEARCH(8, 11, 12, 6, 5);

  private static final Map<String, ReadKind> BY_CALL =
      Map.of("Query", QUERY, "Search", SEARCH, "HybridSearch", HYBRID_SEARCH);

  /** The timestamp that a read waits for. */
  final int guarantee;

  final int consistency;
  final int defaultConsistency;

  /** Pairs of names and values such as {@code offset}. */
  final int parameters;

  /** Searches inside the request; 0 where there are none. */
  final int searches;

  ReadKind(int guarantee, int consistency, int defaultConsistency, int parameters, int searches) {
    this.guarantee = guarantee;
    this.consistency = consistency;
    this.defaultConsistency = defaultConsistency;
    this.parameters = parameters;
    this.searches = searches;
  }

  /** Of a call by its short name. */
  static Optional<ReadKind> of(String call) {
    return Optional.ofNullable(BY_CALL.get(call));
  }

  boolean search() {
    return this != QUERY;
  }
}
