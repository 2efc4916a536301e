package io.milvusferry.connector;

import java.util.ArrayList;
import java.util.List;

/**
 * What a server was found to be able to do by asking it, never by its version.
 *
 * @param timestamps hands out hybrid timestamps
 * @param segments lists persistent segments
 * @param bulkImport takes Parquet files over gRPC
 * @param upsert replaces rows by key
 * @param databases has more than the default database
 * @param partitions lists and creates partitions
 * @param aliases lists the aliases of a collection
 */
public record Capabilities(
    boolean timestamps,
    boolean segments,
    boolean bulkImport,
    boolean upsert,
    boolean databases,
    boolean partitions,
    boolean aliases) {

  /** Names of what is there, sorted. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    if (aliases) {
      names.add("aliases");
    }
    if (bulkImport) {
      names.add("bulkImport");
    }
    if (databases) {
      names.add("databases");
    }
    if (partitions) {
      names.add("partitions");
    }
    if (segments) {
      names.add("segments");
    }
    if (timestamps) {
      names.add("timestamps");
    }
    if (upsert) {
      names.add("upsert");
    }
    return names;
  }
}
