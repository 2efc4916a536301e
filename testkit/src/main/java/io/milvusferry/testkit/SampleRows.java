package io.milvusferry.testkit;

import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.SparseVectors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;

/**
 * Rows of any schema, made from a seed. Values are often at the edges of their type: least and
 * greatest integers, signed zeros, denormals, empty strings and arrays, quotes, backslashes, every
 * length of UTF-8, numbers beyond 2^53 in JSON.
 */
public final class SampleRows {
  private static final String[] STRINGS = {
    "", "a", "quote \" and \\ backslash", "tab\tand\nline", "%_*?", "é", "中文", "😀", "\uFFFD", "Z"
  };
  private static final String[] DOCUMENTS = {
    "{}",
    "{\"big\":9007199254740993}",
    "{\"a\": 1.0, \"b\": [true, null, \"x\"]}",
    "{\"n\":{\"n\":{\"n\":-0.5e-3}}}",
    "{\"text\":\"with \\\"quotes\\\" and \\u00e9\"}"
  };
  private static final String[] DYNAMIC = {
    "{}", "{\"color\":\"red\"}", "{\"size\":9007199254740993,\"tags\":[1,2]}", "{\"ключ\":null}"
  };

  private static final String[] SHAPES = {
    "POINT (1 2)", "POINT (-0.5 89.999999)", "LINESTRING (0 0, 1 1, 2 1)", "POLYGON EMPTY"
  };

  /** The first and the last year of four digits. */
  private static final long EARLIEST = -62_135_596_800_000_000L;

  private static final long LATEST = 253_402_300_799_999_999L;

  private final Random random;

  public SampleRows(long seed) {
    this.random = new Random(seed);
  }

  /**
   * Every type that Milvus 2.3.5 holds but binary and fp16 vectors, which are alone in their
   * collections.
   */
  public static List<FieldSpec> scalarFields() {
    List<FieldSpec> fields = new ArrayList<>();
    for (FieldType type :
        List.of(
            FieldType.BOOL,
            FieldType.INT8,
            FieldType.INT16,
            FieldType.INT32,
            FieldType.INT64,
            FieldType.FLOAT,
            FieldType.DOUBLE,
            FieldType.JSON)) {
      fields.add(
          FieldSpec.of("f_" + type.name().toLowerCase(java.util.Locale.ROOT), type, Map.of()));
    }
    fields.add(FieldSpec.of("f_varchar", FieldType.VARCHAR, Map.of("max_length", "200")));
    for (FieldType type :
        List.of(
            FieldType.BOOL,
            FieldType.INT8,
            FieldType.INT16,
            FieldType.INT32,
            FieldType.INT64,
            FieldType.FLOAT,
            FieldType.DOUBLE,
            FieldType.VARCHAR)) {
      fields.add(
          FieldSpec.arrayOf(
              "a_" + type.name().toLowerCase(java.util.Locale.ROOT),
              type,
              type == FieldType.VARCHAR
                  ? Map.of("max_capacity", "8", "max_length", "200")
                  : Map.of("max_capacity", "8")));
    }
    return fields;
  }

  /** Every type that only newer servers hold, with nulls where they have them; and more vectors. */
  public static List<FieldSpec> newerFields() {
    List<FieldSpec> fields = new ArrayList<>();
    for (FieldType type : FieldType.values()) {
      if (type != FieldType.ARRAY && type != FieldType.STRUCT_ARRAY) {
        Map<String, String> params =
            type.isDenseVector() ? Map.of("dim", "16") : Map.of("max_length", "200");
        String name = "n_" + type.name().toLowerCase(java.util.Locale.ROOT);
        fields.add(FieldSpec.of(name, type, params).withNulls(true));
      }
    }
    for (FieldSpec field : scalarFields()) {
      if (field.type() == FieldType.ARRAY) {
        fields.add(field.withNulls(true));
      }
    }
    fields.add(FieldSpec.of("geometry", FieldType.GEOMETRY, Map.of()));
    fields.add(FieldSpec.of("timestamptz", FieldType.TIMESTAMPTZ, Map.of()));
    fields.add(FieldSpec.of("text", FieldType.TEXT, Map.of()));
    fields.add(FieldSpec.of("sparse", FieldType.SPARSE_FLOAT_VECTOR, Map.of()));
    fields.add(FieldSpec.of("bfloat16", FieldType.BFLOAT16_VECTOR, Map.of("dim", "8")));
    fields.add(FieldSpec.of("int8_vector", FieldType.INT8_VECTOR, Map.of("dim", "8")));
    fields.add(FieldSpec.of("number", FieldType.INT32, Map.of()).withDefault("7"));
    fields.add(structs());
    return fields;
  }

  /** An array of structs with a member of every type that there may be. */
  public static FieldSpec structs() {
    List<FieldSpec> members = new ArrayList<>();
    for (FieldType type : FieldType.values()) {
      if (type.isMember()) {
        String name = "m_" + type.name().toLowerCase(java.util.Locale.ROOT);
        Map<String, String> params = new java.util.TreeMap<>(Map.of("max_capacity", "4"));
        if (type.isDenseVector()) {
          params.put("dim", "16");
        } else if (type == FieldType.VARCHAR) {
          params.put("max_length", "200");
        }
        members.add(FieldSpec.of(name, type, params));
      }
    }
    return FieldSpec.structsOf("structs", members);
  }

  /** A vector field. */
  public static FieldSpec vector(FieldType type, int dimension) {
    return FieldSpec.of("vector", type, Map.of("dim", Integer.toString(dimension)));
  }

  /** A schema of a key, further fields and a vector field, with a dynamic field. */
  public static CollectionSchema schema(
      FieldType keyType, List<FieldSpec> others, FieldSpec vector) {
    List<FieldSpec> fields = new ArrayList<>();
    fields.add(
        FieldSpec.of(
                "id",
                keyType,
                keyType == FieldType.VARCHAR ? Map.of("max_length", "100") : Map.of())
            .asPrimaryKey(false));
    fields.addAll(others);
    fields.add(vector);
    return new CollectionSchema(true, fields);
  }

  /**
   * Rows whose keys are {@code first}, {@code first + 1}, … as numbers, or as strings that begin
   * with such a number.
   */
  public RecordBatch rows(CollectionSchema schema, long first, int count) {
    List<Column> columns = new ArrayList<>();
    for (FieldSpec field : schema.rowFields()) {
      Column column = field.primaryKey() ? keys(field, first, count) : column(field, count);
      columns.add(field.nullable() ? withNulls(column) : column);
    }
    return new RecordBatch(schema.rowFields(), columns, count);
  }

  /** A third of the values taken away; what stands there instead means nothing. */
  private Column withNulls(Column column) {
    boolean[] valid = new boolean[column.rows()];
    int[] from = new int[column.rows()];
    for (int row = 0; row < valid.length; row++) {
      valid[row] = random.nextInt(3) > 0;
      from[row] = valid[row] ? row : random.nextInt(valid.length);
    }
    return Column.nullable(valid, column.select(from));
  }

  private Column keys(FieldSpec field, long first, int count) {
    if (field.type() == FieldType.INT64) {
      long[] keys = new long[count];
      for (int i = 0; i < count; i++) {
        keys[i] = first + i;
      }
      return new Column.Int64(keys);
    }
    return texts(
        count,
        i ->
            "%08d%s"
                .formatted(
                    first + i, STRINGS[(int) Math.floorMod(first + i, (long) STRINGS.length)]));
  }

  private Column column(FieldSpec field, int rows) {
    return switch (field.type()) {
      case ARRAY -> array(field, rows);
      case STRUCT_ARRAY -> structs(field, rows);
      case JSON ->
          field.name().equals(FieldSpec.DYNAMIC) ? oneOf(DYNAMIC, rows) : oneOf(DOCUMENTS, rows);
      case SPARSE_FLOAT_VECTOR -> sparse(rows);
      case FLOAT_VECTOR, BINARY_VECTOR, FLOAT16_VECTOR, BFLOAT16_VECTOR, INT8_VECTOR ->
          vectors(field, rows);
      default -> scalar(field.type(), rows);
    };
  }

  private Column array(FieldSpec field, int rows) {
    int[] offsets = new int[rows + 1];
    for (int i = 0; i < rows; i++) {
      offsets[i + 1] = offsets[i] + random.nextInt(field.maxCapacity() + 1);
    }
    FieldType type = java.util.Objects.requireNonNull(field.elementType());
    return new Column.Array(offsets, scalar(type, offsets[rows]));
  }

  private Column structs(FieldSpec field, int rows) {
    int[] offsets = new int[rows + 1];
    for (int i = 0; i < rows; i++) {
      offsets[i + 1] = offsets[i] + random.nextInt(5);
    }
    return new Column.Structs(
        offsets, field.members().stream().map(member -> column(member, offsets[rows])).toList());
  }

  private Column scalar(FieldType type, int rows) {
    switch (type) {
      case BOOL -> {
        boolean[] values = new boolean[rows];
        for (int i = 0; i < rows; i++) {
          values[i] = random.nextBoolean();
        }
        return new Column.Bool(values);
      }
      case INT8, INT16, INT32 -> {
        int bits = type == FieldType.INT8 ? 8 : type == FieldType.INT16 ? 16 : 32;
        int[] values = new int[rows];
        for (int i = 0; i < rows; i++) {
          values[i] = (int) (edgy() >> (64 - bits));
        }
        return new Column.Int32(values);
      }
      case INT64 -> {
        long[] values = new long[rows];
        for (int i = 0; i < rows; i++) {
          values[i] = edgy();
        }
        return new Column.Int64(values);
      }
      case FLOAT -> {
        float[] values = new float[rows];
        for (int i = 0; i < rows; i++) {
          values[i] = number();
        }
        return new Column.Float32(values);
      }
      case DOUBLE -> {
        double[] values = new double[rows];
        for (int i = 0; i < rows; i++) {
          values[i] =
              random.nextInt(8) == 0
                  ? -0.0
                  : random.nextGaussian() * Math.exp(random.nextInt(600) - 300);
        }
        return new Column.Float64(values);
      }
      case TIMESTAMPTZ -> {
        return new Column.Int64(
            random
                .longs(rows, EARLIEST, LATEST)
                .map(m -> m % 3 == 0 ? m / 1000000 * 1000000 : m)
                .toArray());
      }
      case GEOMETRY -> {
        return oneOf(SHAPES, rows);
      }
      case VARCHAR, TEXT -> {
        return texts(rows, i -> STRINGS[random.nextInt(STRINGS.length)] + random.nextInt(10));
      }
      default -> throw new IllegalArgumentException("not a scalar: " + type);
    }
  }

  private Column vectors(FieldSpec field, int rows) {
    int bytesPerRow = field.vectorBytes();
    ByteBuffer bytes = ByteBuffer.allocate(rows * bytesPerRow).order(ByteOrder.LITTLE_ENDIAN);
    if (field.type() == FieldType.FLOAT_VECTOR) {
      for (int i = 0; i < bytes.limit(); i += 4) {
        bytes.putFloat(i, number());
      }
    } else if (field.type() == FieldType.FLOAT16_VECTOR
        || field.type() == FieldType.BFLOAT16_VECTOR) {
      for (int i = 0; i < bytes.limit(); i += 2) {
        bytes.putShort(i, (short) random.nextInt(0x7c00));
      }
    } else {
      random.nextBytes(bytes.array());
    }
    return new Column.Vectors(bytesPerRow, bytes);
  }

  /** Up to seven elements, indices from all over. */
  private Column sparse(int rows) {
    int[] offsets = new int[rows + 1];
    byte[] bytes = new byte[rows * 7 * SparseVectors.ELEMENT_BYTES];
    for (int row = 0; row < rows; row++) {
      int at = offsets[row];
      for (int i = random.nextInt(8); i > 0; i--) {
        int value = Float.floatToRawIntBits(Math.abs(number()) + Float.MIN_NORMAL);
        SparseVectors.set(bytes, at, random.nextInt(), value);
        at += SparseVectors.ELEMENT_BYTES;
      }
      if (!SparseVectors.order(bytes, offsets[row], at)) {
        at = offsets[row];
      }
      offsets[row + 1] = at;
    }
    return new Column.Bytes(offsets, java.util.Arrays.copyOf(bytes, offsets[rows]));
  }

  private float number() {
    return switch (random.nextInt(12)) {
      case 0 -> 0f;
      case 1 -> -0f;
      case 2 -> Float.MIN_VALUE;
      case 3 -> 1e-30f;
      default -> (float) random.nextGaussian();
    };
  }

  private long edgy() {
    return switch (random.nextInt(8)) {
      case 0 -> Long.MIN_VALUE;
      case 1 -> Long.MAX_VALUE;
      case 2 -> 0;
      default -> random.nextLong();
    };
  }

  private Column oneOf(String[] choice, int rows) {
    return texts(rows, i -> choice[random.nextInt(choice.length)]);
  }

  private static Column texts(int rows, IntFunction<String> text) {
    int[] offsets = new int[rows + 1];
    byte[][] encoded = new byte[rows][];
    for (int i = 0; i < rows; i++) {
      encoded[i] = text.apply(i).getBytes(StandardCharsets.UTF_8);
      offsets[i + 1] = offsets[i] + encoded[i].length;
    }
    byte[] bytes = new byte[offsets[rows]];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(encoded[i], 0, bytes, offsets[i], encoded[i].length);
    }
    return new Column.Bytes(offsets, bytes);
  }
}
