package io.milvusferry.exporter.segment;

import io.milvusferry.record.Column;
import io.milvusferry.record.Key;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Primary keys of some rows, which are compared where they lie. */
sealed interface Keys {
  int size();

  /** Compares a key of these with one of others of the same kind, in the order of {@link Key}. */
  int compare(int row, Keys other, int otherRow);

  Key key(int row);

  /** The keys in a column of a primary key. */
  static Keys of(Column column) {
    return column instanceof Column.Int64 numbers
        ? new Numbers(numbers.values())
        : new Texts((Column.Bytes) column);
  }

  /** One key. */
  static Keys of(Key key) {
    if (key instanceof Key.Int64 number) {
      return new Numbers(new long[] {number.value()});
    }
    byte[] text = key.text().getBytes(StandardCharsets.UTF_8);
    return new Texts(new Column.Bytes(new int[] {0, text.length}, text));
  }

  /** Keys of type INT64. */
  @SuppressWarnings("ArrayRecordComponent")
  record Numbers(long[] values) implements Keys {
    @Override
    public int size() {
      return values.length;
    }

    @Override
    public int compare(int row, Keys other, int otherRow) {
      return Long.compare(values[row], ((Numbers) other).values[otherRow]);
    }

    @Override
    public Key key(int row) {
      return new Key.Int64(values[row]);
    }
  }

  /** Keys of type VARCHAR, by the bytes of their UTF-8 form. */
  record Texts(Column.Bytes values) implements Keys {
    @Override
    public int size() {
      return values.rows();
    }

    @Override
    public int compare(int row, Keys other, int otherRow) {
      Column.Bytes others = ((Texts) other).values;
      return Arrays.compareUnsigned(
          values.bytes(),
          values.offsets()[row],
          values.offsets()[row + 1],
          others.bytes(),
          others.offsets()[otherRow],
          others.offsets()[otherRow + 1]);
    }

    @Override
    public Key key(int row) {
      return new Key.Varchar(new String(values.get(row), StandardCharsets.UTF_8));
    }
  }
}
