package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Dense vectors that gather in one contiguous buffer while they are read. */
final class VectorBuffer {
  private final int width;
  private byte[] bytes = {};
  private int end;

  VectorBuffer(FieldSpec field) {
    width = field.vectorBytes();
  }

  /** The column as vectors of the field's length. */
  static Column.Vectors require(Column column, FieldSpec field) {
    Column.Vectors vectors = (Column.Vectors) column;
    if (vectors.bytesPerRow() != field.vectorBytes()) {
      throw new IllegalArgumentException(
          "field %s has vectors of %d bytes, not %d"
              .formatted(field.name(), vectors.bytesPerRow(), field.vectorBytes()));
    }
    return vectors;
  }

  /** Makes room for one vector, and returns where it begins in {@link #bytes}. */
  int addRow() {
    int at = end;
    end = Math.addExact(end, width);
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end, Math.addExact(bytes.length, bytes.length >> 1)));
    }
    return at;
  }

  /** Zeros in place of a null. */
  void addPlaceholder() {
    int at = addRow();
    Arrays.fill(bytes, at, end, (byte) 0);
  }

  byte[] bytes() {
    return bytes;
  }

  /** The vectors so far as a column; the buffer is empty afterwards. */
  Column take() {
    Column column = new Column.Vectors(width, ByteBuffer.wrap(Arrays.copyOf(bytes, end)));
    end = 0;
    return column;
  }
}
