package io.milvusferry.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.digest.Digest;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Blanks;
import io.milvusferry.record.Column;
import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.testkit.SampleRows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartRoundTripTest {
  private static final long SEED = 20_231_118;

  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({
    "INT64, FLOAT_VECTOR, 33",
    "VARCHAR, FLOAT_VECTOR, 1",
    "INT64, BINARY_VECTOR, 64",
    "VARCHAR, FLOAT16_VECTOR, 7"
  })
  void readsWhatWasWritten(FieldType key, FieldType vector, int dimension) throws IOException {
    CollectionSchema schema =
        SampleRows.schema(key, SampleRows.scalarFields(), SampleRows.vector(vector, dimension));
    RecordBatch rows = new SampleRows(SEED).rows(schema, 5, 3_000);
    Path file = dir.resolve("part.partial");

    WrittenPart written = Parts.write(file, rows, 3_000);

    assertThat(written.rows()).isEqualTo(3_000);
    assertThat(written.bytes()).isEqualTo(Files.size(file));
    assertThat(written.digest()).isEqualTo(Digest.ofContent(Files.readAllBytes(file)));
    assertThat(Parts.text(Parts.read(file, schema.rowFields(), KeyRange.ALL)))
        .isEqualTo(Parts.text(rows));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void readsTheTypesOfNewerServersAndTheirNulls(int seed) {
    CollectionSchema schema =
        SampleRows.schema(
            FieldType.INT64,
            SampleRows.newerFields(),
            SampleRows.vector(FieldType.FLOAT_VECTOR, 3).withNulls(true));
    RecordBatch rows = new SampleRows(SEED + seed).rows(schema, 5, 3_000);
    Path file = dir.resolve("part.partial");

    Parts.write(file, rows, 700);

    assertThat(Parts.text(Parts.read(file, schema.rowFields(), KeyRange.ALL)))
        .isEqualTo(Parts.text(rows));
    assertThat(rows.columns().stream().filter(Column.Nullable.class::isInstance).count())
        .isGreaterThan(20);
  }

  @Test
  void readsAFieldWithNothingButNulls() {
    List<FieldSpec> fields =
        List.of(
            FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(false),
            FieldSpec.of("text", FieldType.VARCHAR, Map.of()).withNulls(true),
            FieldSpec.of("sparse", FieldType.SPARSE_FLOAT_VECTOR, Map.of()).withNulls(true),
            SampleRows.vector(FieldType.FLOAT_VECTOR, 2).withNulls(true));
    RecordBatch rows =
        new RecordBatch(
            fields,
            fields.stream()
                .map(
                    field ->
                        field.primaryKey()
                            ? new Column.Int64(new long[] {1, 2, 3})
                            : Column.nullable(new boolean[3], Blanks.of(field, 3)))
                .toList(),
            3);
    Path file = dir.resolve("part.partial");

    Parts.write(file, rows, 2);

    assertThat(Parts.text(Parts.read(file, fields, KeyRange.ALL)))
        .containsExactly(
            "1 | null | null | null", "2 | null | null | null", "3 | null | null | null");
  }

  @Test
  void refusesANullWhereTheFieldHasNone() {
    for (FieldType type : List.of(FieldType.INT8, FieldType.FLOAT_VECTOR)) {
      FieldSpec field = FieldSpec.of("f", type, Map.of("dim", "2"));
      List<FieldSpec> fields =
          List.of(FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(false), field);
      RecordBatch rows =
          new RecordBatch(
              fields,
              List.of(
                  new Column.Int64(new long[] {1}),
                  Column.nullable(new boolean[1], Blanks.of(field, 1))),
              1);

      assertThatThrownBy(() -> Parts.write(dir.resolve("part.partial"), rows, 1))
          .hasMessage("field f has a null");
    }
  }

  @Test
  void keepsTheBitsOfEveryFloat() {
    List<FieldSpec> fields =
        List.of(
            FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(false),
            FieldSpec.of("f", FieldType.FLOAT, Map.of()),
            FieldSpec.of("d", FieldType.DOUBLE, Map.of()),
            SampleRows.vector(FieldType.FLOAT_VECTOR, 1));
    int[] bits = {0x7fc00000, 0x7fc00001, 0xffc12345, 0x7f800000, 0xff800000, 0x80000000, 1};
    float[] floats = new float[bits.length];
    double[] doubles = new double[bits.length];
    ByteBuffer vectors = ByteBuffer.allocate(4 * bits.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < bits.length; i++) {
      floats[i] = Float.intBitsToFloat(bits[i]);
      doubles[i] = Double.longBitsToDouble(((long) bits[i] << 32) | 7);
      vectors.putInt(4 * i, bits[i]);
    }
    RecordBatch rows =
        new RecordBatch(
            fields,
            List.of(
                new Column.Int64(new long[] {1, 2, 3, 4, 5, 6, 7}),
                new Column.Float32(floats),
                new Column.Float64(doubles),
                new Column.Vectors(4, vectors)),
            bits.length);
    Path file = dir.resolve("part.partial");

    Parts.write(file, rows, 7);

    assertThat(Parts.text(Parts.read(file, fields, KeyRange.ALL))).isEqualTo(Parts.text(rows));
  }

  @Test
  void keepsTextsAndArraysAtTheirGreatestLength() {
    List<FieldSpec> fields =
        List.of(
            FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(false),
            FieldSpec.of("text", FieldType.VARCHAR, Map.of("max_length", "65535")),
            FieldSpec.arrayOf("list", FieldType.INT8, Map.of("max_capacity", "4096")));
    byte[] text = new byte[3 * 65_535];
    java.util.Arrays.fill(text, (byte) 'x');
    int[] elements = new int[4096];
    java.util.Arrays.fill(elements, Byte.MIN_VALUE);
    RecordBatch rows =
        new RecordBatch(
            fields,
            List.of(
                new Column.Int64(new long[] {Long.MIN_VALUE, 0, Long.MAX_VALUE}),
                new Column.Bytes(new int[] {0, 65_535, 131_070, 196_605}, text),
                new Column.Array(new int[] {0, 0, 4096, 4096}, new Column.Int32(elements))),
            3);
    Path file = dir.resolve("part.partial");

    Parts.write(file, rows, 3);

    assertThat(Parts.text(Parts.read(file, fields, KeyRange.ALL))).isEqualTo(Parts.text(rows));
  }

  @Test
  void readsOnlyTheFieldsThatAreAskedFor() {
    CollectionSchema schema = sample();
    RecordBatch rows = new SampleRows(SEED).rows(schema, 0, 500);
    Path file = dir.resolve("part.partial");
    Parts.write(file, rows, 500);
    List<FieldSpec> wanted = List.of(schema.primaryKey(), schema.field("a_varchar").orElseThrow());

    RecordBatch read = Parts.read(file, wanted, KeyRange.ALL);

    assertThat(read.fields()).isEqualTo(wanted);
    assertThat(Parts.text(read.column("a_varchar"), 499))
        .isEqualTo(Parts.text(rows.column("a_varchar"), 499));
  }

  @Test
  void readsOnlyTheRowsOfARange() {
    CollectionSchema schema = sample();
    RecordBatch rows = new SampleRows(SEED).rows(schema, 0, 500);
    Path file = dir.resolve("part.partial");
    Parts.write(file, rows, 500);

    RecordBatch read =
        Parts.read(file, schema.rowFields(), new KeyRange(new Key.Int64(17), new Key.Int64(493)));

    assertThat(Parts.text(read)).isEqualTo(Parts.text(rows.slice(17, 493)));
  }

  @Test
  void batchesAreBoundedByRowsAndByBytes() {
    CollectionSchema schema =
        SampleRows.schema(
            FieldType.INT64, List.of(), SampleRows.vector(FieldType.FLOAT_VECTOR, 1024));
    RecordBatch rows = new SampleRows(SEED).rows(schema, 0, 5_000);
    Path file = dir.resolve("part.partial");
    Parts.write(file, rows, 5_000);

    assertThat(Parts.batches(file, schema.rowFields(), KeyRange.ALL))
        .hasSizeGreaterThan(2)
        .allSatisfy(batch -> assertThat(batch.byteSize()).isLessThan(PartReader.MAX_BYTES + 8_192));
    assertThat(Parts.batches(file, List.of(schema.primaryKey()), KeyRange.ALL))
        .allSatisfy(batch -> assertThat(batch.rows()).isLessThanOrEqualTo(PartReader.MAX_ROWS));
  }

  private static CollectionSchema sample() {
    return SampleRows.schema(
        FieldType.INT64, SampleRows.scalarFields(), SampleRows.vector(FieldType.FLOAT_VECTOR, 16));
  }
}
