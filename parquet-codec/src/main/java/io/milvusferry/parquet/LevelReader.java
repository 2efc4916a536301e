package io.milvusferry.parquet;

import io.milvusferry.record.Column;
import java.util.Arrays;
import org.apache.parquet.column.ColumnReader;

/**
 * Walks the levels of one column chunk, and stops at what a part of ours never has: nulls where the
 * field has none, rows that begin inside another, and fewer values than promised.
 */
final class LevelReader {
  private final FieldCodec codec;
  private final ColumnReader in;
  private final int full;
  private long left;
  private boolean[] valid = {};
  private int rows;

  /**
   * @param values how many values the chunk has, with those that stand for a null or an empty list
   * @param full definition level of a value that is there
   */
  LevelReader(FieldCodec codec, ColumnReader in, long values, int full) {
    this.codec = codec;
    this.in = in;
    this.full = full;
    left = values;
  }

  /**
   * Requires that the next value begins a row.
   *
   * @return false if the row is null; then it is passed, and wants a placeholder among the values
   */
  boolean startRow() {
    if (left <= 0 || in.getCurrentRepetitionLevel() != 0) {
      throw damage("does not begin a row where one should begin");
    }
    if (codec.optional() == 0) {
      return true;
    }
    boolean there = in.getCurrentDefinitionLevel() > 0;
    if (rows == valid.length) {
      valid = Arrays.copyOf(valid, Math.max(256, 2 * rows));
    }
    valid[rows++] = there;
    if (!there && next()) {
      throw damage("has an element after a null");
    }
    return there;
  }

  /** The values since the last call, with the nulls among them. */
  Column column(Column values) {
    if (codec.optional() == 0) {
      return values;
    }
    Column column = Column.nullable(Arrays.copyOf(valid, rows), values);
    rows = 0;
    return column;
  }

  /** Whether the row has no element; only the definition level says so. */
  boolean emptyList() {
    return in.getCurrentDefinitionLevel() == full - 1;
  }

  void requireValue() {
    requireAt(full);
  }

  /** Requires a value whose definition level is this, as of an element deeper inside. */
  void requireAt(int level) {
    if (in.getCurrentDefinitionLevel() != level) {
      throw damage("has a null");
    }
  }

  /** Steps to the next value; whether it is another element of the same row. */
  boolean next() {
    in.consume();
    left--;
    return left > 0 && in.getCurrentRepetitionLevel() != 0;
  }

  /** Whether the value at hand is another one of the innermost list that is at this level. */
  boolean repeats(int level) {
    return left > 0 && in.getCurrentRepetitionLevel() == level;
  }

  boolean atEnd() {
    return left == 0;
  }

  /** Its field and row are added where they are known, by {@link RowGroupReader}. */
  DamagedPartException damage(String what) {
    return new DamagedPartException(what);
  }
}
