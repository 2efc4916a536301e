package io.milvusferry.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Blanks;
import io.milvusferry.record.Column;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.testkit.SampleRows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StructPartTest {
  private static final FieldSpec KEY =
      FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(false);
  private static final FieldSpec SMALL =
      FieldSpec.structsOf(
          "clips",
          List.of(
              FieldSpec.of("number", FieldType.INT8, Map.of()),
              FieldSpec.of("word", FieldType.VARCHAR, Map.of()),
              FieldSpec.of("v", FieldType.INT8_VECTOR, Map.of("dim", "2"))));

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void everyMemberOfEveryStructIsReadAsItWasWritten(int seed) {
    CollectionSchema schema =
        SampleRows.schema(
            FieldType.INT64,
            List.of(SampleRows.structs(), SMALL),
            SampleRows.vector(FieldType.FLOAT_VECTOR, 3));
    RecordBatch rows = new SampleRows(seed).rows(schema, 5, 3_000);
    Path file = dir.resolve("part.partial");

    Parts.write(file, rows, 700);

    assertThat(Parts.text(Parts.read(file, schema.rowFields(), KeyRange.ALL)))
        .isEqualTo(Parts.text(rows));
  }

  @Test
  void rowsWithoutAnyStructAreRead() {
    RecordBatch rows =
        new RecordBatch(
            List.of(KEY, SMALL),
            List.of(new Column.Int64(new long[] {1, 2}), Blanks.of(SMALL, 2)),
            2);
    Path file = dir.resolve("part.partial");

    Parts.write(file, rows, 1);

    assertThat(Parts.text(Parts.read(file, rows.fields(), KeyRange.ALL)))
        .containsExactly("1 | []", "2 | []");
  }

  @Test
  void aRowWithANumberThatIsNotFiniteInAStructIsInserted() {
    FieldSpec field =
        FieldSpec.structsOf(
            "s",
            List.of(
                FieldSpec.of("f", FieldType.FLOAT, Map.of()),
                FieldSpec.of("v", FieldType.FLOAT_VECTOR, Map.of("dim", "1"))));
    ByteBuffer vectors = ByteBuffer.wrap(new byte[] {0, 0, 0, 0, 0, 0, (byte) 0xc0, 0x7f});
    Column column =
        new Column.Structs(
            new int[] {0, 0, 1, 2},
            List.of(
                new Column.Float32(new float[] {Float.POSITIVE_INFINITY, 1}),
                new Column.Vectors(4, vectors)));
    RecordBatch rows = new RecordBatch(List.of(field), List.of(column), 3);

    assertThat(LaneSplit.insertRows(rows)).containsExactly(false, true, true);
    assertThat(FirstServer.of(List.of(KEY, field))).isEqualTo("2.6.4");
  }

  @Nested
  class IsNotWritten {
    @Test
    void whereItHasMoreStructsThanAnyServerTakes() {
      assertThatThrownBy(() -> write(structs(4_097, 2, new byte[0])))
          .hasMessageContaining("clips has an array of 4097 structs");
    }

    @Test
    void whereATextIsNotUtf8() {
      assertThatThrownBy(() -> write(structs(1, 2, new byte[] {(byte) 0xff})))
          .isInstanceOfSatisfying(
              FerryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TEXT_INVALID))
          .hasMessageContaining("field clips");
    }

    @Test
    void whereAVectorHasAnotherWidth() {
      assertThatThrownBy(() -> write(structs(1, 4, new byte[0])))
          .hasMessageContaining("field v has vectors of 4 bytes, not 2");
    }

    @Test
    void whereItIsNull() {
      Column column = Column.nullable(new boolean[1], Blanks.of(SMALL, 1));

      assertThatThrownBy(() -> write(column)).hasMessage("field clips has a null");
    }

    private void write(Column column) {
      Parts.write(
          dir.resolve("bad.partial"), new RecordBatch(List.of(SMALL), List.of(column), 1), 1);
    }

    /** One row with so many structs, with the bytes of each vector and the first text. */
    private static Column structs(int count, int width, byte[] text) {
      int[] offsets = new int[count + 1];
      java.util.Arrays.fill(offsets, 1, offsets.length, text.length);
      return new Column.Structs(
          new int[] {0, count},
          List.of(
              new Column.Int32(new int[count]),
              new Column.Bytes(offsets, text),
              new Column.Vectors(width, ByteBuffer.allocate(count * width))));
    }
  }

  @Nested
  class OfAnotherProgramIsRefusedWithItsRow {
    @Test
    void whereAMemberHasFewerValuesThanAnother() throws IOException {
      assertUnreadable(
          "field clips of row 1 has 2 values of number but 1 of word",
          (number, word, v) -> {
            number.write(1, 0, 1);
            number.write(2, 1, 1);
            word.write(Binary.fromString("a"), 0, 1);
            vector(v, 0, 2);
            vector(v, 1, 2);
          });
    }

    @Test
    void whereOneMemberIsEmptyAlone() throws IOException {
      assertUnreadable(
          "has 1 values of number but 0 of v",
          (number, word, v) -> {
            number.write(1, 0, 1);
            word.write(Binary.fromString("a"), 0, 1);
            v.writeNull(0, 0);
          });
    }

    @Test
    void whereAVectorHasAnotherLength() throws IOException {
      for (int length : new int[] {1, 3}) {
        assertUnreadable(
            "has a vector v of another length than 2",
            (number, word, v) -> {
              number.write(1, 0, 1);
              word.write(Binary.fromString("a"), 0, 1);
              vector(v, 0, length);
            });
      }
    }

    @Test
    void whereAVectorIsEmpty() throws IOException {
      assertUnreadable(
          "has a null",
          (number, word, v) -> {
            number.write(1, 0, 1);
            word.write(Binary.fromString("a"), 0, 1);
            v.writeNull(0, 1);
          });
    }

    @Test
    void whereANumberIsTooGreat() throws IOException {
      assertUnreadable(
          "has 128, which is not between",
          (number, word, v) -> {
            number.write(128, 0, 1);
            word.write(Binary.fromString("a"), 0, 1);
            vector(v, 0, 2);
          });
    }

    @Test
    void whereItHasRoomForNulls() {
      Path file = dir.resolve("foreign.parquet");
      FieldSpec array = FieldSpec.arrayOf("clips", FieldType.INT8, Map.of());
      Parts.write(
          file,
          new RecordBatch(
              List.of(array),
              List.of(new Column.Array(new int[2], new Column.Int32(new int[0]))),
              1),
          1);

      assertThatThrownBy(() -> Parts.read(file, List.of(SMALL), KeyRange.ALL))
          .isInstanceOf(FerryException.class)
          .hasMessageContaining("column clips is");
    }

    private interface Row {
      void write(ColumnWriter number, ColumnWriter word, ColumnWriter v);
    }

    private static void vector(ColumnWriter v, int repetition, int length) {
      for (int i = 0; i < length; i++) {
        v.write(i, i == 0 ? repetition : 2, 2);
      }
    }

    private void assertUnreadable(String reason, Row row) throws IOException {
      Path file = dir.resolve("foreign.parquet");
      ForeignParts.write(
          file,
          new SchemaMapping(List.of(SMALL)),
          List.of(leaves -> row.write(leaves.get(0), leaves.get(1), leaves.get(2))));
      assertThatThrownBy(() -> Parts.read(file, List.of(SMALL), KeyRange.ALL))
          .isInstanceOfSatisfying(
              FerryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PART_UNREADABLE))
          .hasMessageContaining("foreign.parquet")
          .hasMessageContaining(reason);
    }
  }
}
