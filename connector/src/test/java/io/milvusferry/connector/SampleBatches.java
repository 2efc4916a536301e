package io.milvusferry.connector;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Batches with a field of every type, made from a seed, often of values at the edge of a type. */
final class SampleBatches {
  private static final String[] TEXTS = {
    "", "a", "\"\\\n\0", "é", "中文", "😀", "{\"big\":9007199254740993}"
  };

  private final Random random;

  SampleBatches(long seed) {
    this.random = new Random(seed);
  }

  /** An int64 key, then a field of every type, an array of every type, and the dynamic field. */
  static List<FieldSpec> fields() {
    List<FieldSpec> fields = new ArrayList<>();
    fields.add(FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(false));
    for (FieldType type : FieldType.values()) {
      if (type == FieldType.ARRAY || type == FieldType.STRUCT_ARRAY) {
        continue;
      }
      fields.add(FieldSpec.of("f_" + type, type, Map.of("dim", "16", "max_length", "99")));
      fields.add(FieldSpec.of("n_" + type, type, Map.of("dim", "16")).withNulls(true));
      if (type.isElement()) {
        fields.add(FieldSpec.arrayOf("a_" + type, type, Map.of("max_capacity", "9")));
      }
    }
    fields.add(structs());
    fields.add(FieldSpec.dynamic());
    return fields;
  }

  /** An array of structs with a member of every type that there may be. */
  static FieldSpec structs() {
    List<FieldSpec> members = new ArrayList<>();
    for (FieldType type : FieldType.values()) {
      if (type.isMember()) {
        members.add(FieldSpec.of("m_" + type, type, Map.of("dim", "16", "max_capacity", "4")));
      }
    }
    return FieldSpec.structsOf("structs", members);
  }

  /** Rows with ascending keys from {@code first} on. */
  RecordBatch batch(List<FieldSpec> fields, long first, int rows) {
    List<Column> columns = new ArrayList<>();
    for (FieldSpec field : fields) {
      Column column = field.primaryKey() ? keys(field, first, rows) : column(field, rows);
      columns.add(field.nullable() ? withNulls(column) : column);
    }
    return new RecordBatch(fields, columns, rows);
  }

  /** A third of the rows null, or all of them. */
  private Column withNulls(Column column) {
    boolean[] valid = new boolean[column.rows()];
    boolean some = random.nextInt(4) > 0;
    for (int row = 0; row < valid.length; row++) {
      valid[row] = some && random.nextInt(3) > 0;
    }
    return Column.nullable(valid, column);
  }

  private static Column keys(FieldSpec field, long first, int rows) {
    if (field.type() == FieldType.INT64) {
      long[] keys = new long[rows];
      for (int i = 0; i < rows; i++) {
        keys[i] = first + i;
      }
      return new Column.Int64(keys);
    }
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      keys.add("%019d".formatted(first + i));
    }
    return bytes(keys);
  }

  private Column column(FieldSpec field, int rows) {
    if (field.type().isDenseVector()) {
      byte[] bytes = new byte[rows * field.vectorBytes()];
      random.nextBytes(bytes);
      return new Column.Vectors(field.vectorBytes(), ByteBuffer.wrap(bytes));
    }
    if (field.type() == FieldType.ARRAY) {
      int[] offsets = new int[rows + 1];
      for (int i = 0; i < rows; i++) {
        offsets[i + 1] = offsets[i] + random.nextInt(4);
      }
      return new Column.Array(
          offsets, values(Objects.requireNonNull(field.elementType()), offsets[rows]));
    }
    if (field.type() == FieldType.STRUCT_ARRAY) {
      int[] offsets = new int[rows + 1];
      for (int i = 0; i < rows; i++) {
        offsets[i + 1] = offsets[i] + random.nextInt(4);
      }
      return new Column.Structs(
          offsets, field.members().stream().map(member -> column(member, offsets[rows])).toList());
    }
    return values(field.type(), rows);
  }

  private Column values(FieldType type, int count) {
    switch (type) {
      case BOOL -> {
        boolean[] values = new boolean[count];
        for (int i = 0; i < count; i++) {
          values[i] = random.nextBoolean();
        }
        return new Column.Bool(values);
      }
      case INT8 -> {
        return new Column.Int32(random.ints(count, Byte.MIN_VALUE, Byte.MAX_VALUE + 1).toArray());
      }
      case INT16 -> {
        return new Column.Int32(random.ints(count, Short.MIN_VALUE, Short.MAX_VALUE + 1).toArray());
      }
      case INT32 -> {
        return new Column.Int32(random.ints(count).toArray());
      }
      case TIMESTAMPTZ -> {
        return new Column.Int64(
            random.longs(count, -62_135_596_800_000_000L, 253_402_300_799_999_999L).toArray());
      }
      case SPARSE_FLOAT_VECTOR -> {
        return sparse(count);
      }
      case INT64 -> {
        long[] edges = {Long.MIN_VALUE, Long.MAX_VALUE, -1, 0};
        return new Column.Int64(
            random
                .longs(count)
                .map(value -> value % 3 == 0 ? edges[random.nextInt(edges.length)] : value)
                .toArray());
      }
      case FLOAT -> {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
          values[i] = Float.intBitsToFloat(random.nextInt());
        }
        return new Column.Float32(values);
      }
      case DOUBLE -> {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
          values[i] = Double.longBitsToDouble(random.nextLong());
        }
        return new Column.Float64(values);
      }
      default -> {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          texts.add(TEXTS[random.nextInt(TEXTS.length)]);
        }
        return bytes(texts);
      }
    }
  }

  private static Column bytes(List<String> texts) {
    int[] offsets = new int[texts.size() + 1];
    byte[] bytes = String.join("", texts).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < texts.size(); i++) {
      offsets[i + 1] = offsets[i] + texts.get(i).getBytes(StandardCharsets.UTF_8).length;
    }
    return new Column.Bytes(offsets, bytes);
  }

  private Column sparse(int count) {
    int[] offsets = new int[count + 1];
    for (int i = 0; i < count; i++) {
      offsets[i + 1] = offsets[i] + 8 * random.nextInt(4);
    }
    byte[] bytes = new byte[offsets[count]];
    random.nextBytes(bytes);
    for (int i = 0; i < count; i++) {
      io.milvusferry.record.SparseVectors.order(bytes, offsets[i], offsets[i + 1]);
    }
    return new Column.Bytes(offsets, bytes);
  }
}
