package io.milvusferry.manifest;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A function of a collection, by which the server computes fields from other fields.
 *
 * @param type such as {@code BM25}, in Milvus' words
 * @param inputs names of the fields that it reads, in order
 * @param outputs names of the fields that it fills, in order
 * @param params all other settings, sorted by name
 */
public record FunctionSpec(
    String name,
    String type,
    String description,
    List<String> inputs,
    List<String> outputs,
    SortedMap<String, String> params) {
  public FunctionSpec {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    params = Collections.unmodifiableSortedMap(new TreeMap<>(params));
  }
}
