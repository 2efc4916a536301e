package io.milvusferry.connector;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.IndexSpec;
import java.util.TreeMap;

/** Indexes that cost next to nothing to build, for collections that are to be loaded and read. */
final class CheapestIndex {
  private CheapestIndex() {}

  /**
   * An index without parameters on a vector field. Vectors inside of structs are searched for by
   * the whole array, and have metrics of their own.
   */
  static IndexSpec on(FieldSpec vector, String name) {
    if (vector.isInside()) {
      String metric = vector.type() == FieldType.BINARY_VECTOR ? "MAX_SIM_HAMMING" : "MAX_SIM_IP";
      return index(vector, name, "HNSW", metric);
    }
    return switch (vector.type()) {
      case BINARY_VECTOR -> index(vector, name, "BIN_FLAT", "HAMMING");
      case SPARSE_FLOAT_VECTOR ->
          index(vector, name, "SPARSE_INVERTED_INDEX", vector.functionOutput() ? "BM25" : "IP");
      case INT8_VECTOR -> index(vector, name, "HNSW", "L2");
      default -> index(vector, name, "FLAT", "L2");
    };
  }

  private static IndexSpec index(FieldSpec vector, String name, String type, String metric) {
    return new IndexSpec(vector.name(), name, type, metric, new TreeMap<>());
  }
}
