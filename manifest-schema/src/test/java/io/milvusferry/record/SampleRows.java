package io.milvusferry.record;

import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Small rows for tests: a key, a number, JSON and a vector of two floats. */
public record SampleRows(Key key, long number, String json, float x, float y) {
  /** Fields of rows with an int64 key. */
  public static final CollectionSchema INT64 = schema(FieldType.INT64);

  /** Fields of rows with a varchar key. */
  public static final CollectionSchema VARCHAR = schema(FieldType.VARCHAR);

  private static CollectionSchema schema(FieldType keyType) {
    return new CollectionSchema(
        true,
        List.of(
            FieldSpec.of("id", keyType, Map.of("max_length", "64")).asPrimaryKey(false),
            FieldSpec.of("number", FieldType.INT64, Map.of()),
            FieldSpec.of("vector", FieldType.FLOAT_VECTOR, Map.of("dim", "2"))));
  }

  /** The rows in columns. */
  public static RecordBatch batch(CollectionSchema schema, Collection<SampleRows> rows) {
    List<SampleRows> list = List.copyOf(rows);
    ByteBuffer vectors = ByteBuffer.allocate(8 * list.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < list.size(); i++) {
      vectors.putFloat(8 * i, list.get(i).x()).putFloat(8 * i + 4, list.get(i).y());
    }
    Column keys =
        schema.primaryKey().type() == FieldType.INT64
            ? new Column.Int64(
                list.stream().mapToLong(row -> ((Key.Int64) row.key()).value()).toArray())
            : texts(list.stream().map(row -> row.key().text()).toList());
    return new RecordBatch(
        schema.rowFields(),
        List.of(
            keys,
            new Column.Int64(list.stream().mapToLong(SampleRows::number).toArray()),
            new Column.Vectors(8, vectors),
            texts(list.stream().map(SampleRows::json).toList())),
        list.size());
  }

  /** A column of UTF-8 texts. */
  public static Column.Bytes texts(List<String> texts) {
    int[] offsets = new int[texts.size() + 1];
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    for (int i = 0; i < texts.size(); i++) {
      bytes.writeBytes(texts.get(i).getBytes(StandardCharsets.UTF_8));
      offsets[i + 1] = bytes.size();
    }
    return new Column.Bytes(offsets, bytes.toByteArray());
  }
}
