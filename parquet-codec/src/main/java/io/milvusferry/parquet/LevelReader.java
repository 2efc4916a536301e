package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import org.apache.parquet.column.ColumnReader;

/**
 * Walks the levels of one column chunk, and stops at what a part of ours never has: nulls, rows
 * that begin inside another, and fewer values than promised.
 */
final class LevelReader {
  private final FieldSpec field;
  private final ColumnReader in;
  private final int full;
  private long left;

  /**
   * @param values how many values the chunk has, with those that stand for an empty list
   * @param full definition level of a value that is there
   */
  LevelReader(FieldSpec field, ColumnReader in, long values, int full) {
    this.field = field;
    this.in = in;
    this.full = full;
    left = values;
  }

  /** Requires that the next value begins a row. */
  void startRow() {
    if (left <= 0 || in.getCurrentRepetitionLevel() != 0) {
      throw damage("does not begin a row where one should begin");
    }
  }

  /** Whether the row has no element; only the definition level says so. */
  boolean emptyList() {
    return in.getCurrentDefinitionLevel() == full - 1;
  }

  void requireValue() {
    if (in.getCurrentDefinitionLevel() != full) {
      throw damage("has a null");
    }
  }

  /** Steps to the next value; whether it is another element of the same row. */
  boolean next() {
    in.consume();
    left--;
    return left > 0 && in.getCurrentRepetitionLevel() != 0;
  }

  boolean atEnd() {
    return left == 0;
  }

  DamagedPartException damage(String what) {
    return new DamagedPartException("field %s %s".formatted(field.name(), what));
  }
}
