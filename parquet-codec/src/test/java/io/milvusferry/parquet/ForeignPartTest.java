package io.milvusferry.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts as another program may write them. */
class ForeignPartTest {
  private static final FieldSpec TEXT =
      FieldSpec.of("name", FieldType.VARCHAR, Map.of("max_length", "100"));
  private static final byte[] WORD = "wörd 𝄞".getBytes(StandardCharsets.UTF_8);

  @TempDir Path dir;

  @Test
  void textOfEveryLengthOfUtf8IsRead() throws IOException {
    Path file = foreign(TEXT, List.of(WORD, new byte[0], new byte[] {0, 65}));

    assertThat(Parts.read(file, List.of(TEXT), KeyRange.ALL).rows()).isEqualTo(3);
    assertThat(new ParquetCodec().isOwn(file, List.of(TEXT))).isFalse();
  }

  @Test
  void textThatIsNotUtf8IsRefusedWithItsRow() throws IOException {
    for (byte[] wrong :
        List.of(
            new byte[] {65, (byte) 0xff},
            new byte[] {(byte) 0xc3},
            new byte[] {(byte) 0xc0, (byte) 0x80},
            new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80})) {
      Path file = foreign(TEXT, List.of(WORD, WORD, wrong));

      assertUnreadable(file, TEXT, "field name of row 3 has a text that is not UTF-8");
    }
  }

  @Test
  void aVectorOfAnotherWidthIsRefusedWithItsRow() throws IOException {
    for (FieldType type :
        List.of(FieldType.BINARY_VECTOR, FieldType.FLOAT16_VECTOR, FieldType.BFLOAT16_VECTOR)) {
      FieldSpec vector = FieldSpec.of("v", type, Map.of("dim", "16"));
      int width = vector.vectorBytes();
      Path file = foreign(vector, List.of(new byte[width], new byte[width + 1]));

      assertUnreadable(
          file, vector, "field v of row 2 has a vector of %d bytes".formatted(width + 1));
    }
  }

  @Test
  void aColumnWithRoomForNullsIsRefusedWhereTheFieldHasNone() throws IOException {
    Path file = foreign(TEXT.withNulls(true), List.of(WORD));

    assertUnreadable(file, TEXT, "column name is optional");
  }

  @Test
  void aPartOfOursIsKnownAndItsWriterRefusesWhatIsNotUtf8() {
    Path file = dir.resolve("own.parquet");
    Parts.write(file, batch(WORD), 1);

    assertThat(new ParquetCodec().isOwn(file, List.of(TEXT))).isTrue();
    assertThatThrownBy(() -> Parts.write(dir.resolve("bad.parquet"), batch((byte) 0xff), 1))
        .isInstanceOfSatisfying(
            FerryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TEXT_INVALID))
        .hasMessageContaining("field name");
  }

  @Test
  void vectorsThatLieInOtherPagesAreReadWithTheirNulls() throws IOException {
    FieldSpec vector =
        FieldSpec.of("v", FieldType.FLOAT_VECTOR, Map.of("dim", "3")).withNulls(true);
    List<Consumer<List<ColumnWriter>>> rows = new ArrayList<>();
    for (int row = 0; row < 400_000; row++) {
      // Only far behind the first pages is there a null.
      rows.add(row == 350_000 ? ForeignPartTest::none : floats(2, row, row + 0.5f, -row));
    }
    Path file = foreignFloats(vector, rows);

    Column read = Parts.read(file, List.of(vector), KeyRange.ALL).columns().get(0);
    assertThat(read.rows()).isEqualTo(400_000);
    for (int row = 0; row < read.rows(); row += 9_999) {
      assertThat(Parts.text(read, row)).isEqualTo(Parts.text(column(row, row + 0.5f, -row), 0));
    }
    assertThat(read.isNull(350_000)).isTrue();
    assertThat(Parts.text(read, 399_999))
        .isEqualTo(Parts.text(column(399_999, 399_999.5f, -399_999), 0));
  }

  @Test
  void aFloatVectorOfAnotherLengthIsRefusedWithItsRow() throws IOException {
    FieldSpec vector = FieldSpec.of("v", FieldType.FLOAT_VECTOR, Map.of("dim", "3"));
    for (float[] wrong : List.of(new float[2], new float[4], new float[6])) {
      Path file =
          foreignFloats(vector, List.of(floats(1, 1, 2, 3), floats(1, wrong), floats(1, 4, 5, 6)));

      assertUnreadable(file, vector, "field v of row 2 has a vector of another length than 3");
    }
  }

  private static void none(List<ColumnWriter> leaves) {
    leaves.get(0).writeNull(0, 0);
  }

  /** Writes one vector; {@code level} is the definition level of its numbers. */
  private static Consumer<List<ColumnWriter>> floats(int level, float... values) {
    return leaves -> {
      for (int i = 0; i < values.length; i++) {
        leaves.get(0).write(values[i], i == 0 ? 0 : 1, level);
      }
    };
  }

  private static Column column(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return new Column.Vectors(4 * values.length, bytes.flip());
  }

  private Path foreignFloats(FieldSpec field, List<Consumer<List<ColumnWriter>>> rows)
      throws IOException {
    Path path = dir.resolve("foreign.parquet");
    ForeignParts.write(path, new SchemaMapping(List.of(field)), rows);
    return path;
  }

  private static RecordBatch batch(byte... text) {
    Column column = new Column.Bytes(new int[] {0, text.length}, text);
    return new RecordBatch(List.of(TEXT), List.of(column), 1);
  }

  private void assertUnreadable(Path file, FieldSpec field, String reason) {
    assertThatThrownBy(() -> Parts.read(file, List.of(field), KeyRange.ALL))
        .isInstanceOfSatisfying(
            FerryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PART_UNREADABLE))
        .hasMessageContaining("foreign.parquet")
        .hasMessageContaining(reason);
  }

  /** A part with one column, whose values are not looked at, and without our footer. */
  private Path foreign(FieldSpec field, List<byte[]> values) throws IOException {
    Path path = dir.resolve("foreign.parquet");
    SchemaMapping mapping = new SchemaMapping(List.of(field));
    int present = mapping.codecs().get(0).optional();
    List<Consumer<List<ColumnWriter>>> rows =
        values.stream()
            .map(Binary::fromConstantByteArray)
            .map(
                value ->
                    (Consumer<List<ColumnWriter>>) leaves -> leaves.get(0).write(value, 0, present))
            .toList();
    ForeignParts.write(path, mapping, rows);
    return path;
  }
}
