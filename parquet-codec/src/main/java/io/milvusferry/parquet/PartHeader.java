package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import java.util.List;

/**
 * What the rows of a part are; its names go into the file, so that a stray file can say what it is.
 *
 * @param collection name of the collection, without its database
 * @param partition name of the partition; {@code ""} for all rows of a collection with a partition
 *     key
 * @param fields the columns, in their order
 */
public record PartHeader(String collection, String partition, List<FieldSpec> fields) {
  public PartHeader {
    fields = List.copyOf(fields);
    if (fields.isEmpty()) {
      throw new IllegalArgumentException("a part needs columns");
    }
  }
}
