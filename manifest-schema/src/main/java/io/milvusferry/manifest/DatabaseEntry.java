package io.milvusferry.manifest;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** A database that has at least one collection in the archive. */
public record DatabaseEntry(String name, SortedMap<String, String> properties) {
  public DatabaseEntry {
    properties = Collections.unmodifiableSortedMap(new TreeMap<>(properties));
  }
}
