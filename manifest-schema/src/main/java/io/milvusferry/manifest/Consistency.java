package io.milvusferry.manifest;

import java.util.List;

/**
 * How consistent the rows of a collection, or of a whole archive, are.
 *
 * @param timestamp the source's hybrid timestamp at the start of reading; 0 where the source gives
 *     none
 * @param reasons why the mode is not better, one sentence each; empty for the whole archive
 */
public record Consistency(ConsistencyMode mode, long timestamp, List<String> reasons) {
  public Consistency {
    reasons = List.copyOf(reasons);
  }
}
