package io.milvusferry.manifest;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One index of a collection.
 *
 * @param type such as {@code HNSW}; empty where the source lets the server choose
 * @param metric such as {@code L2}; empty for scalar indexes
 * @param params all other build parameters, sorted by name
 */
public record IndexSpec(
    String field, String name, String type, String metric, SortedMap<String, String> params) {
  public IndexSpec {
    params = Collections.unmodifiableSortedMap(new TreeMap<>(params));
  }
}
