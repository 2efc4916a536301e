package io.milvusferry.record;

import io.milvusferry.manifest.CollectionSchema;
import java.util.List;
import java.util.Set;

/**
 * The rows of one collection, wherever they are: on a server or in an archive. Safe for several
 * threads.
 */
public interface RowSource {
  CollectionSchema schema();

  /** Names of the partitions; the one name {@code ""} for a collection with a partition key. */
  List<String> partitions();

  /**
   * Disjoint slices that together cover every row. Those of one partition stand together and in
   * ascending key order.
   *
   * @param wanted about how many slices are useful, at least 1
   */
  List<Slice> slices(int wanted);

  /**
   * Reads a slice in ascending key order. A server is read at its strongest consistency, at the
   * moment of each page.
   *
   * @param fields names of the fields to carry; the primary key is carried always; empty means all
   *     row fields
   */
  BatchCursor scan(Slice slice, Set<String> fields);
}
