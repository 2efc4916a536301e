package io.milvusferry.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.testkit.SampleRows;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Blob;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A reader that shares no code with the writer sees the same values. */
class DuckDbReadsPartsTest {
  private static final long SEED = 1_234;
  private static final int ROWS = 2_500;

  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({"INT64, FLOAT_VECTOR, 96", "VARCHAR, BINARY_VECTOR, 128", "INT64, FLOAT16_VECTOR, 5"})
  void seesTheSameValues(FieldType key, FieldType vector, int dimension) throws SQLException {
    CollectionSchema schema =
        SampleRows.schema(key, SampleRows.scalarFields(), SampleRows.vector(vector, dimension));
    RecordBatch rows = new SampleRows(SEED).rows(schema, 0, ROWS);
    Path file = dir.resolve("part.parquet");
    Parts.write(file, rows, 700);

    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet result = statement.executeQuery("select * from read_parquet('" + file + "')")) {
      int row = 0;
      while (result.next()) {
        for (int i = 0; i < rows.fields().size(); i++) {
          FieldSpec field = rows.fields().get(i);
          assertThat(plain(result.getObject(field.name())))
              .as("row %d, field %s", row, field.name())
              .isEqualTo(expected(field, rows.columns().get(i), row));
        }
        row++;
      }
      assertThat(row).isEqualTo(ROWS);
    }
  }

  @Test
  void seesTheSameMembersOfStructs() throws SQLException {
    FieldSpec field = SampleRows.structs();
    CollectionSchema schema =
        SampleRows.schema(
            FieldType.INT64, List.of(field), SampleRows.vector(FieldType.FLOAT_VECTOR, 4));
    RecordBatch rows = new SampleRows(SEED).rows(schema, 0, ROWS);
    Column.Structs structs = (Column.Structs) rows.column(field.name());
    Path file = dir.resolve("part.parquet");
    Parts.write(file, rows, 700);

    for (int i = 0; i < field.members().size(); i++) {
      String member = field.members().get(i).name();
      try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
          Statement statement = duck.createStatement();
          ResultSet result =
              statement.executeQuery(
                  "select [x.%s for x in %s] from read_parquet('%s')"
                      .formatted(member, field.name(), file))) {
        for (int row = 0; row < ROWS; row++) {
          assertThat(result.next()).isTrue();
          assertThat(plain(result.getObject(1)))
              .as("row %d, member %s", row, member)
              .isEqualTo(elements(field.members().get(i), structs, i, row));
        }
        assertThat(result.next()).isFalse();
      }
    }
  }

  /** The values of one member in one row, vectors element by element. */
  private static List<Object> elements(
      FieldSpec member, Column.Structs structs, int index, int row) {
    List<Object> elements = new ArrayList<>();
    Column column = structs.members().get(index);
    for (int i = structs.offsets()[row]; i < structs.offsets()[row + 1]; i++) {
      if (column instanceof Column.Vectors vectors && member.type() != FieldType.FLOAT_VECTOR) {
        for (int at = i * vectors.bytesPerRow(); at < (i + 1) * vectors.bytesPerRow(); at++) {
          int value = vectors.bytes().get(at);
          elements.add((long) (member.type() == FieldType.INT8_VECTOR ? value : value & 0xff));
        }
      } else {
        elements.addAll(expected(member, column, i));
      }
    }
    return elements;
  }

  private static List<Object> expected(FieldSpec field, Column column, int row) {
    if (column instanceof Column.Array array) {
      List<Object> elements = new ArrayList<>();
      for (int i = array.offsets()[row]; i < array.offsets()[row + 1]; i++) {
        elements.add(scalar(array.elements(), i));
      }
      return elements;
    }
    if (column instanceof Column.Vectors vectors) {
      byte[] value = new byte[vectors.bytesPerRow()];
      vectors.bytes().get(row * value.length, value);
      if (field.type() != FieldType.FLOAT_VECTOR) {
        return List.of(HexFormat.of().formatHex(value));
      }
      ByteBuffer floats = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
      List<Object> elements = new ArrayList<>();
      while (floats.hasRemaining()) {
        elements.add(floats.getFloat());
      }
      return elements;
    }
    return List.of(scalar(column, row));
  }

  private static Object scalar(Column column, int index) {
    if (column instanceof Column.Bool values) {
      return values.values()[index];
    }
    if (column instanceof Column.Int32 values) {
      return (long) values.values()[index];
    }
    if (column instanceof Column.Int64 values) {
      return values.values()[index];
    }
    if (column instanceof Column.Float32 values) {
      return values.values()[index];
    }
    if (column instanceof Column.Float64 values) {
      return values.values()[index];
    }
    return new String(((Column.Bytes) column).get(index), StandardCharsets.UTF_8);
  }

  /** What DuckDB's driver gives, in the form of {@link #expected}. */
  private static List<Object> plain(@Nullable Object value) throws SQLException {
    if (value instanceof java.sql.Array array) {
      List<Object> elements = new ArrayList<>();
      for (Object element : (Object[]) array.getArray()) {
        elements.addAll(plain(element));
      }
      return elements;
    }
    if (value instanceof Blob blob) {
      return List.of(HexFormat.of().formatHex(blob.getBytes(1, (int) blob.length())));
    }
    if (value instanceof Byte || value instanceof Short || value instanceof Integer) {
      return List.of(((Number) value).longValue());
    }
    return Arrays.asList(value);
  }
}
