package io.milvusferry.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.values.ValuesWriter;

/**
 * The levels of pages of float vectors, as they lie before the values: repetition levels, 0 where a
 * row begins and else 1, then definition levels, all defined but for a null. Every vector has the
 * same length, so without nulls they depend on the number of rows alone. For one thread.
 */
final class FloatVectorLevels {
  /** Full pages are all alike, and so are the last ones of most row groups. */
  private static final int KNOWN = 4;

  private final ColumnDescriptor leaf;
  private final int dimension;
  private final ParquetProperties properties;
  private final Map<Integer, byte[]> known = new HashMap<>();

  /**
   * @param leaf the column of the elements
   */
  FloatVectorLevels(ColumnDescriptor leaf, int dimension, ParquetProperties properties) {
    this.leaf = leaf;
    this.dimension = dimension;
    this.properties = properties;
  }

  /** Those of so many rows without nulls; nobody changes them. */
  byte[] of(int rows) throws IOException {
    byte[] levels = known.get(rows);
    if (levels == null) {
      boolean[] valid = new boolean[rows];
      Arrays.fill(valid, true);
      levels = of(valid, rows);
      if (known.size() == KNOWN) {
        known.clear();
      }
      known.put(rows, levels);
    }
    return levels;
  }

  /** Those of the first {@code rows} rows, which are null where they are not valid. */
  byte[] of(boolean[] valid, int rows) throws IOException {
    int defined = leaf.getMaxDefinitionLevel();
    try (ValuesWriter repetitions = properties.newRepetitionLevelWriter(leaf);
        ValuesWriter definitions = properties.newDefinitionLevelWriter(leaf)) {
      for (int row = 0; row < rows; row++) {
        repetitions.writeInteger(0);
        definitions.writeInteger(valid[row] ? defined : 0);
        for (int i = 1; valid[row] && i < dimension; i++) {
          repetitions.writeInteger(1);
          definitions.writeInteger(defined);
        }
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      repetitions.getBytes().writeAllTo(bytes);
      definitions.getBytes().writeAllTo(bytes);
      return bytes.toByteArray();
    }
  }
}
