package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import io.milvusferry.record.SparseVectors;
import java.util.List;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** A sparse vector, as a struct of two lists of one length: {@code indices} and {@code values}. */
final class SparseVectorCodec extends ValueCodec {
  private static final String INDICES = "indices";
  private static final String VALUES = "values";

  private final int full;

  SparseVectorCodec(FieldSpec field) {
    super(field);
    full = optional() + 1;
  }

  @Override
  Type type() {
    Type index =
        Types.required(PrimitiveTypeName.INT32)
            .as(LogicalTypeAnnotation.intType(32, false))
            .named("element");
    Type value = Types.required(PrimitiveTypeName.FLOAT).named("element");
    return Types.buildGroup(repetition())
        .addField(listOf(Type.Repetition.REQUIRED, index, INDICES))
        .addField(listOf(Type.Repetition.REQUIRED, value, VALUES))
        .named(field.name());
  }

  @Override
  List<String> leaves() {
    return List.of(leaf(INDICES), leaf(VALUES));
  }

  private String leaf(String list) {
    return "%s.%s.list.element".formatted(field.name(), list);
  }

  @Override
  void writeValue(Column column, int row, List<ColumnWriter> out) {
    Column.Bytes vectors = (Column.Bytes) column;
    byte[] bytes = vectors.bytes();
    int first = vectors.offsets()[row];
    int end = vectors.offsets()[row + 1];
    if (first == end) {
      out.forEach(leaf -> leaf.writeNull(0, full - 1));
    }
    for (int at = first; at < end; at += SparseVectors.ELEMENT_BYTES) {
      int repetition = at == first ? 0 : 1;
      out.get(0).write(SparseVectors.index(bytes, at), repetition, full);
      out.get(1).write(Float.intBitsToFloat(SparseVectors.valueBits(bytes, at)), repetition, full);
    }
  }

  @Override
  FieldReader reader(List<ColumnReader> in, List<Long> values) {
    return new Reader(in, values);
  }

  private final class Reader implements FieldReader {
    private final ColumnReader indices;
    private final ColumnReader values;
    private final LevelReader indexLevels;
    private final LevelReader valueLevels;
    private final RowBuffer rows = new RowBuffer();

    Reader(List<ColumnReader> in, List<Long> counts) {
      indices = in.get(0);
      values = in.get(1);
      indexLevels = new LevelReader(SparseVectorCodec.this, indices, counts.get(0), full);
      valueLevels = new LevelReader(SparseVectorCodec.this, values, counts.get(1), full);
    }

    @Override
    public int readRow() {
      boolean there = indexLevels.startRow();
      if (there != valueLevels.startRow()) {
        throw indexLevels.damage("has a null among indices or values alone");
      }
      if (there) {
        readElements();
      }
      int bytes = rows.length() - rows.start();
      if (!SparseVectors.order(rows.bytes(), rows.start(), rows.length())) {
        throw indexLevels.damage("has an index twice in one vector");
      }
      rows.end();
      return Integer.BYTES + bytes;
    }

    private void readElements() {
      boolean empty = indexLevels.emptyList();
      if (empty != valueLevels.emptyList()) {
        throw indexLevels.damage("has a vector with indices or values alone");
      }
      boolean more;
      do {
        if (!empty) {
          indexLevels.requireValue();
          valueLevels.requireValue();
          int at = rows.reserve(SparseVectors.ELEMENT_BYTES);
          int valueBits = Float.floatToRawIntBits(values.getFloat());
          SparseVectors.set(rows.bytes(), at, indices.getInteger(), valueBits);
        }
        more = indexLevels.next();
        if (more != valueLevels.next()) {
          throw indexLevels.damage("has a vector with another number of indices than of values");
        }
      } while (more);
    }

    @Override
    public Column take() {
      Column column = rows.take();
      valueLevels.column(column);
      return indexLevels.column(column);
    }

    @Override
    public boolean atEnd() {
      return indexLevels.atEnd() && valueLevels.atEnd();
    }
  }
}
