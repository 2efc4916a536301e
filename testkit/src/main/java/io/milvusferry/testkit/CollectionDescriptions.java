package io.milvusferry.testkit;

import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.manifest.LoadState;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Descriptions of collections that tests create. */
public final class CollectionDescriptions {
  private CollectionDescriptions() {}

  /** A collection of one shard without properties; with a partition key, of 4 partitions. */
  public static CollectionDescription of(CollectionName name, CollectionSchema schema) {
    boolean keyed = schema.partitionKey().isPresent();
    return new CollectionDescription(
        name,
        "made by a test",
        schema,
        List.of(),
        keyed ? List.of() : List.of("_default"),
        keyed ? 4 : 0,
        List.of(),
        new TreeMap<>(),
        1,
        "Bounded",
        LoadState.NOT_LOADED,
        0,
        List.of());
  }

  /** The cheapest index that the vector field can have. */
  public static IndexSpec flatIndex(FieldSpec vector) {
    boolean binary = vector.type() == FieldType.BINARY_VECTOR;
    return new IndexSpec(
        vector.name(),
        "idx_" + vector.name(),
        binary ? "BIN_FLAT" : "FLAT",
        binary ? "HAMMING" : "L2",
        new TreeMap<>(Map.of()));
  }
}
