package io.milvusferry.parquet;

import io.milvusferry.record.Column;
import org.apache.parquet.column.ColumnReader;

/** Reads dense vectors that are lists whose length is the dimension. */
abstract class VectorListReader implements FieldCodec.FieldReader {
  private final ColumnReader in;
  private final int dimension;
  private final int vectorBytes;
  private final LevelReader levels;
  private final VectorBuffer vectors;

  /**
   * @param values how many values {@code in} has
   */
  VectorListReader(FieldCodec codec, ColumnReader in, long values) {
    this.in = in;
    dimension = codec.field.dimension();
    vectorBytes = codec.field.vectorBytes();
    levels = new LevelReader(codec, in, values, codec.optional() + 1);
    vectors = new VectorBuffer(codec.field);
  }

  /**
   * Puts the current element of {@code from} into its place.
   *
   * @param at where the vector begins in {@code bytes}
   * @throws DamagedPartException when it is none
   */
  abstract void element(ColumnReader from, byte[] bytes, int at, int index);

  @Override
  public final int readRow() {
    if (!levels.startRow()) {
      vectors.addPlaceholder();
      return 1;
    }
    int at = vectors.addRow();
    byte[] bytes = vectors.bytes();
    for (int i = 0; i < dimension; i++) {
      levels.requireValue();
      element(in, bytes, at, i);
      if (levels.next() != i < dimension - 1) {
        throw levels.damage("has a vector of another length than %d".formatted(dimension));
      }
    }
    return vectorBytes;
  }

  @Override
  public final Column take() {
    return levels.column(vectors.take());
  }

  @Override
  public final boolean atEnd() {
    return levels.atEnd();
  }
}
