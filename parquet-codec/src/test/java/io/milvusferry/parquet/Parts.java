package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.Column;
import io.milvusferry.record.Columns;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes and reads whole parts, and shows values so that every bit of them counts. */
final class Parts {
  private Parts() {}

  /** Writes rows in batches of {@code batchRows}. */
  static WrittenPart write(Path file, RecordBatch rows, int batchRows) {
    try (PartWriter writer =
        new ParquetCodec().openWriter(file, new PartHeader("things", "_default", rows.fields()))) {
      for (int from = 0; from < rows.rows(); from += batchRows) {
        writer.write(rows.slice(from, Math.min(rows.rows(), from + batchRows)));
      }
      return writer.finish();
    }
  }

  static List<RecordBatch> batches(Path file, List<FieldSpec> fields, KeyRange range) {
    try (BatchCursor cursor = new ParquetCodec().openPart(file, fields, range)) {
      return drain(cursor);
    }
  }

  static List<RecordBatch> drain(BatchCursor cursor) {
    List<RecordBatch> batches = new ArrayList<>();
    for (RecordBatch batch = cursor.next(); batch != null; batch = cursor.next()) {
      batches.add(batch);
    }
    return batches;
  }

  static RecordBatch read(Path file, List<FieldSpec> fields, KeyRange range) {
    return Columns.concat(batches(file, fields, range));
  }

  /** One line per row. */
  static List<String> text(RecordBatch batch) {
    return IntStream.range(0, batch.rows())
        .mapToObj(
            row ->
                batch.columns().stream()
                    .map(column -> text(column, row))
                    .collect(Collectors.joining(" | ")))
        .toList();
  }

  /** One value; floats by their bits. */
  static String text(Column nullable, int row) {
    if (nullable.isNull(row)) {
      return "null";
    }
    Column column = nullable.filled();
    if (column instanceof Column.Bool values) {
      return String.valueOf(values.values()[row]);
    }
    if (column instanceof Column.Int32 values) {
      return String.valueOf(values.values()[row]);
    }
    if (column instanceof Column.Int64 values) {
      return String.valueOf(values.values()[row]);
    }
    if (column instanceof Column.Float32 values) {
      return Integer.toHexString(Float.floatToRawIntBits(values.values()[row]));
    }
    if (column instanceof Column.Float64 values) {
      return Long.toHexString(Double.doubleToRawLongBits(values.values()[row]));
    }
    if (column instanceof Column.Bytes values) {
      return new String(values.get(row), StandardCharsets.ISO_8859_1);
    }
    if (column instanceof Column.Array values) {
      return IntStream.range(values.offsets()[row], values.offsets()[row + 1])
          .mapToObj(i -> text(values.elements(), i))
          .toList()
          .toString();
    }
    if (column instanceof Column.Structs values) {
      return IntStream.range(values.offsets()[row], values.offsets()[row + 1])
          .mapToObj(i -> values.members().stream().map(member -> text(member, i)).toList())
          .toList()
          .toString();
    }
    Column.Vectors vectors = (Column.Vectors) column;
    byte[] bytes = new byte[vectors.bytesPerRow()];
    vectors.bytes().get(row * vectors.bytesPerRow(), bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
