package io.milvusferry.connector;

import io.milvus.grpc.VectorField;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import io.milvusferry.record.SparseVectors;

/** The values of sparse vector fields in the answer to a query, as a column. */
final class SparseDecoder {
  private SparseDecoder() {}

  /**
   * Sparse vectors, their elements by ascending index.
   *
   * @throws io.milvusferry.error.FerryException when one of them is no vector
   */
  static Column decode(FieldSpec field, VectorField data) {
    Column.Bytes vectors =
        (Column.Bytes) ScalarDecoder.bytes(data.getSparseFloatVector().getContentsList());
    for (int row = 0; row < vectors.rows(); row++) {
      if (!SparseVectors.order(
          vectors.bytes(), vectors.offsets()[row], vectors.offsets()[row + 1])) {
        throw PageDecoder.broken(
            "field %s has a sparse vector of %d bytes with parts of elements, or an index twice"
                .formatted(field.name(), vectors.length(row)));
      }
    }
    return vectors;
  }
}
