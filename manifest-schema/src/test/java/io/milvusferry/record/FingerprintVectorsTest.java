package io.milvusferry.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.milvusferry.digest.Digest;
import io.milvusferry.digest.Fingerprint;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the fingerprint against the vectors of the format, which a Python script computes. */
class FingerprintVectorsTest {
  private static final Path VECTORS = Path.of("..", "docs", "format", "fingerprint-v1.json");

  @TestFactory
  Stream<DynamicTest> agreesWithTheVector() throws IOException {
    return vectors().stream()
        .map(vector -> DynamicTest.dynamicTest(name(vector), () -> check(vector)));
  }

  @Test
  void theVectorsHoldEveryType() throws IOException {
    List<FieldType> seen = new ArrayList<>();
    for (JsonObject vector : vectors()) {
      for (FieldSpec field : fields(vector)) {
        seen.add(field.type());
      }
    }
    assertThat(seen).contains(FieldType.values());
    assertThat(vectors()).hasSize(13);
  }

  private static void check(JsonObject vector) {
    List<FieldSpec> fields = fields(vector);
    JsonArray rows = vector.getAsJsonArray("rows");
    RecordBatch batch = batch(fields, rows);
    RowEncoder encoder = new RowEncoder(shuffled(fields));
    RowDigester digester = new RowDigester(shuffled(fields));
    encoder.open(batch);
    digester.open(batch);
    byte[] digest = new byte[RowDigester.LENGTH];
    for (int row = 0; row < rows.size(); row++) {
      JsonObject expected = rows.get(row).getAsJsonObject();
      RowBytes bytes = encoder.encode(row);
      assertThat(HexFormat.of().formatHex(bytes.array(), 0, bytes.length()))
          .as("bytes of row %d", row)
          .isEqualTo(expected.get("bytes").getAsString());
      digester.digest(row, digest);
      assertThat(Digest.of(digest).hex()).isEqualTo(expected.get("digest").getAsString());
      assertThat(digester.bucket(row)).isEqualTo(expected.get("bucket").getAsInt());
    }
    checkSums(fields, batch, vector);
  }

  private static void checkSums(List<FieldSpec> fields, RecordBatch batch, JsonObject vector) {
    JsonObject stated = vector.getAsJsonObject("fingerprint");
    Fingerprint expected =
        new Fingerprint(stated.get("rows").getAsLong(), stated.get("sum").getAsString());
    RowFingerprint whole = new RowFingerprint(fields);
    whole.add(batch);
    assertThat(whole.total()).isEqualTo(expected);
    RowFingerprint backwards = new RowFingerprint(fields);
    for (int row = batch.rows() - 1; row >= 0; row--) {
      RowFingerprint one = new RowFingerprint(fields);
      one.add(batch, row, row + 1);
      backwards.add(one);
    }
    assertThat(backwards.total()).isEqualTo(expected);
    assertThat(backwards.buckets().toText()).isEqualTo(whole.buckets().toText());
  }

  private static List<FieldSpec> shuffled(List<FieldSpec> fields) {
    List<FieldSpec> shuffled = new ArrayList<>(fields);
    Collections.shuffle(shuffled, new Random(4));
    return shuffled;
  }

  private static List<JsonObject> vectors() throws IOException {
    return JsonParser.parseString(Files.readString(VECTORS))
        .getAsJsonObject()
        .getAsJsonArray("vectors")
        .asList()
        .stream()
        .map(JsonElement::getAsJsonObject)
        .toList();
  }

  private static String name(JsonObject vector) {
    return vector.get("name").getAsString();
  }

  private static List<FieldSpec> fields(JsonObject vector) {
    List<FieldSpec> fields = new ArrayList<>();
    for (JsonElement element : vector.getAsJsonArray("fields")) {
      fields.add(field(element.getAsJsonObject()));
    }
    return fields;
  }

  private static FieldSpec field(JsonObject field) {
    String name = field.get("name").getAsString();
    FieldType type = FieldType.valueOf(field.get("type").getAsString());
    if (type == FieldType.STRUCT_ARRAY) {
      return FieldSpec.structsOf(
          name,
          field.getAsJsonArray("members").asList().stream()
              .map(member -> field(member.getAsJsonObject()))
              .toList());
    }
    Map<String, String> params =
        field.has("dim") ? Map.of("dim", field.get("dim").getAsString()) : Map.of();
    FieldSpec spec =
        type == FieldType.ARRAY
            ? FieldSpec.arrayOf(
                name, FieldType.valueOf(field.get("elementType").getAsString()), params)
            : FieldSpec.of(name, type, params);
    return field.has("primaryKey") ? spec.asPrimaryKey(false) : spec;
  }

  private static RecordBatch batch(List<FieldSpec> fields, JsonArray rows) {
    List<Column> columns = new ArrayList<>();
    for (FieldSpec field : fields) {
      List<JsonElement> values = new ArrayList<>();
      rows.forEach(
          row -> values.add(row.getAsJsonObject().getAsJsonObject("values").get(field.name())));
      columns.add(nullable(field, values));
    }
    return new RecordBatch(fields, columns, rows.size());
  }

  /** Nulls among values, which the first value stands in for. */
  private static Column nullable(FieldSpec field, List<JsonElement> values) {
    boolean[] valid = new boolean[values.size()];
    List<JsonElement> filled = new ArrayList<>();
    for (int i = 0; i < valid.length; i++) {
      valid[i] = !values.get(i).isJsonNull();
      filled.add(values.get(valid[i] ? i : 0));
    }
    return Column.nullable(valid, column(field, field.type(), filled));
  }

  private static Column column(FieldSpec field, FieldType type, List<JsonElement> values) {
    int rows = values.size();
    switch (type) {
      case BOOL -> {
        boolean[] flags = new boolean[rows];
        for (int i = 0; i < rows; i++) {
          flags[i] = values.get(i).getAsBoolean();
        }
        return new Column.Bool(flags);
      }
      case INT8, INT16, INT32 -> {
        return new Column.Int32(values.stream().mapToInt(JsonElement::getAsInt).toArray());
      }
      case INT64, TIMESTAMPTZ -> {
        return new Column.Int64(values.stream().mapToLong(v -> bits(v).getLong()).toArray());
      }
      case FLOAT -> {
        float[] floats = new float[rows];
        for (int i = 0; i < rows; i++) {
          floats[i] = bits(values.get(i)).getFloat();
        }
        return new Column.Float32(floats);
      }
      case DOUBLE -> {
        return new Column.Float64(values.stream().mapToDouble(v -> bits(v).getDouble()).toArray());
      }
      case VARCHAR, TEXT, JSON, GEOMETRY -> {
        return bytes(values);
      }
      case SPARSE_FLOAT_VECTOR -> {
        return sparse(values);
      }
      case ARRAY -> {
        return array(field, values);
      }
      case STRUCT_ARRAY -> {
        return structs(field, values);
      }
      case FLOAT_VECTOR, BINARY_VECTOR, FLOAT16_VECTOR, BFLOAT16_VECTOR, INT8_VECTOR -> {
        return new Column.Vectors(field.vectorBytes(), ByteBuffer.wrap(bytes(values).bytes()));
      }
    }
    throw new AssertionError(type);
  }

  private static Column.Array array(FieldSpec field, List<JsonElement> values) {
    int[] offsets = new int[values.size() + 1];
    List<JsonElement> elements = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      elements.addAll(values.get(i).getAsJsonArray().asList());
      offsets[i + 1] = elements.size();
    }
    FieldType elementType = field.elementType();
    if (elementType == null) {
      throw new AssertionError(field);
    }
    return new Column.Array(offsets, column(field, elementType, elements));
  }

  private static Column.Structs structs(FieldSpec field, List<JsonElement> values) {
    int[] offsets = new int[values.size() + 1];
    List<JsonObject> all = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      values.get(i).getAsJsonArray().forEach(one -> all.add(one.getAsJsonObject()));
      offsets[i + 1] = all.size();
    }
    List<Column> members = new ArrayList<>();
    for (FieldSpec member : field.members()) {
      List<JsonElement> column = new ArrayList<>();
      all.forEach(one -> column.add(one.get(member.name())));
      members.add(column(member, member.type(), column));
    }
    return new Column.Structs(offsets, members);
  }

  /** Elements by ascending index, as a column holds them. */
  private static Column.Bytes sparse(List<JsonElement> values) {
    Column.Bytes vectors = bytes(values);
    for (int row = 0; row < vectors.rows(); row++) {
      int[] offsets = vectors.offsets();
      assertThat(SparseVectors.order(vectors.bytes(), offsets[row], offsets[row + 1])).isTrue();
    }
    return vectors;
  }

  private static Column.Bytes bytes(List<JsonElement> values) {
    int[] offsets = new int[values.size() + 1];
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < values.size(); i++) {
      all.writeBytes(HexFormat.of().parseHex(values.get(i).getAsString()));
      offsets[i + 1] = all.size();
    }
    return new Column.Bytes(offsets, Arrays.copyOf(all.toByteArray(), all.size()));
  }

  private static ByteBuffer bits(JsonElement hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex.getAsString()))
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
