package io.milvusferry.connector;

import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.QueryRequest;

/**
 * How much a query has to see.
 *
 * @param guarantee hybrid timestamp up to which every write is seen, with level {@code Customized};
 *     else 0
 */
record ReadPoint(ConsistencyLevel level, long guarantee) {
  /**
   * Every write that was acknowledged before the query. The server waits for its next time tick,
   * 200 ms by default.
   */
  static final ReadPoint STRONG = new ReadPoint(ConsistencyLevel.Strong, 0);

  /**
   * Whatever the server has at hand; good enough to find bounds, never to read rows or to count.
   */
  static final ReadPoint EVENTUAL = new ReadPoint(ConsistencyLevel.Eventually, 0);

  /**
   * Every write that was acknowledged before {@code timestamp}: the server waits once, not for each
   * page.
   */
  static ReadPoint at(long timestamp) {
    return new ReadPoint(ConsistencyLevel.Customized, timestamp);
  }

  QueryRequest.Builder apply(QueryRequest.Builder request) {
    return request
        .setUseDefaultConsistency(false)
        .setConsistencyLevel(level)
        .setGuaranteeTimestamp(guarantee);
  }
}
