package io.milvusferry.parquet;

import io.milvusferry.record.Column;
import org.apache.parquet.bytes.BytesInput;

/**
 * The rows of one page of {@link FloatVectorPages}: the levels that a full page has, then the
 * vectors, in one array, so that a full page goes to the file as it lies here.
 */
final class FloatVectorPage {
  private final byte[] bytes;
  private final int levels;
  private final int width;
  private final boolean[] valid;
  private int rows;
  private int vectors;

  /**
   * @param levelsOfFull the levels of a page with as many rows as it has room for, and no nulls
   * @param width bytes of a vector
   */
  FloatVectorPage(byte[] levelsOfFull, int room, int width) {
    this.levels = levelsOfFull.length;
    this.width = width;
    bytes = new byte[Math.addExact(levels, Math.multiplyExact(room, width))];
    System.arraycopy(levelsOfFull, 0, bytes, 0, levels);
    valid = new boolean[room];
  }

  int rows() {
    return rows;
  }

  /** Rows that are not null. */
  int vectors() {
    return vectors;
  }

  /** For each row whether it is there; nothing is said beyond {@link #rows}. */
  boolean[] valid() {
    return valid;
  }

  boolean isFull() {
    return rows == valid.length;
  }

  /** Values of the column, with one for each null. */
  int values(int dimension) {
    return Math.addExact(Math.multiplyExact(vectors, dimension), rows - vectors);
  }

  /** Bytes of the vectors. */
  long bytes() {
    return (long) vectors * width;
  }

  /** Appends as many rows, from {@code from} on, as there is room for below {@code to}. */
  int append(Column.Vectors from, int row, int to) {
    int count = Math.min(to - row, valid.length - rows);
    from.bytes().get(row * width, bytes, levels + vectors * width, count * width);
    java.util.Arrays.fill(valid, rows, rows + count, true);
    rows += count;
    vectors += count;
    return count;
  }

  /** Appends a null; there must be room. */
  void appendNull() {
    valid[rows++] = false;
  }

  /** The page of a full one without nulls. */
  BytesInput content() {
    return BytesInput.from(bytes, 0, levels + vectors * width);
  }

  /** The page with levels of its own. */
  BytesInput content(byte[] ownLevels) {
    return BytesInput.concat(
        BytesInput.from(ownLevels), BytesInput.from(bytes, levels, vectors * width));
  }

  void clear() {
    rows = 0;
    vectors = 0;
  }
}
