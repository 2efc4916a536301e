package io.milvusferry.connector;

import com.google.protobuf.ByteString;
import io.milvus.grpc.IntArray;
import io.milvus.grpc.ScalarField;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Blanks;
import io.milvusferry.record.Column;
import io.milvusferry.record.Columns;
import io.milvusferry.record.Timestamps;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The values of scalar fields in the answer to a query, as columns. */
final class ScalarDecoder {
  private ScalarDecoder() {}

  /**
   * The values of a scalar field.
   *
   * @throws io.milvusferry.error.FerryException when they are not of the field's type
   */
  static Column decode(FieldSpec field, ScalarField data) {
    return switch (field.type()) {
      case JSON -> bytes(data.getJsonData().getDataList());
      case GEOMETRY ->
          bytes(
              texts(
                  data.getGeometryWktData().getDataCount(),
                  data.getGeometryWktData()::getDataBytes));
      case TIMESTAMPTZ -> moments(field, data);
      case ARRAY -> arrays(field, data);
      default -> values(field.type(), data);
    };
  }

  private static Column values(FieldType type, ScalarField data) {
    switch (type) {
      case BOOL -> {
        boolean[] values = new boolean[data.getBoolData().getDataCount()];
        for (int i = 0; i < values.length; i++) {
          values[i] = data.getBoolData().getData(i);
        }
        return new Column.Bool(values);
      }
      case INT8, INT16, INT32 -> {
        return new Column.Int32(ints(data.getIntData()));
      }
      case INT64 -> {
        long[] values = new long[data.getLongData().getDataCount()];
        for (int i = 0; i < values.length; i++) {
          values[i] = data.getLongData().getData(i);
        }
        return new Column.Int64(values);
      }
      case FLOAT -> {
        float[] values = new float[data.getFloatData().getDataCount()];
        for (int i = 0; i < values.length; i++) {
          values[i] = data.getFloatData().getData(i);
        }
        return new Column.Float32(values);
      }
      case DOUBLE -> {
        double[] values = new double[data.getDoubleData().getDataCount()];
        for (int i = 0; i < values.length; i++) {
          double value = data.getDoubleData().getData(i);
          // Some servers hand back another NaN than they were given: there is one, as in Java.
          values[i] = Double.isNaN(value) ? Double.NaN : value;
        }
        return new Column.Float64(values);
      }
      case VARCHAR, TEXT -> {
        return bytes(
            texts(data.getStringData().getDataCount(), data.getStringData()::getDataBytes));
      }
      default -> throw new IllegalStateException("not a scalar: " + type);
    }
  }

  private static List<ByteString> texts(int count, IntFunction<ByteString> text) {
    return IntStream.range(0, count).mapToObj(text).toList();
  }

  /** Microseconds, or texts with an offset; a null may stand there as an empty text. */
  private static Column moments(FieldSpec field, ScalarField data) {
    if (data.hasTimestamptzData()) {
      return new Column.Int64(
          data.getTimestamptzData().getDataList().stream().mapToLong(Long::longValue).toArray());
    }
    long[] moments = new long[data.getStringData().getDataCount()];
    for (int i = 0; i < moments.length; i++) {
      String text = data.getStringData().getData(i);
      try {
        moments[i] = text.isEmpty() && field.nullable() ? 0 : Timestamps.parse(text);
      } catch (DateTimeException e) {
        throw PageDecoder.broken("field %s has the moment '%s'".formatted(field.name(), text));
      }
    }
    return new Column.Int64(moments);
  }

  private static int[] ints(IntArray data) {
    int[] values = new int[data.getDataCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = data.getData(i);
    }
    return values;
  }

  /** Texts one after the other. */
  static Column bytes(List<ByteString> texts) {
    int[] offsets = new int[texts.size() + 1];
    for (int i = 0; i < texts.size(); i++) {
      offsets[i + 1] = Math.addExact(offsets[i], texts.get(i).size());
    }
    byte[] bytes = new byte[offsets[texts.size()]];
    for (int i = 0; i < texts.size(); i++) {
      texts.get(i).copyTo(bytes, offsets[i]);
    }
    return new Column.Bytes(offsets, bytes);
  }

  private static Column arrays(FieldSpec field, ScalarField data) {
    FieldType type = Objects.requireNonNull(field.elementType());
    List<ScalarField> rows = data.getArrayData().getDataList();
    int[] offsets = new int[rows.size() + 1];
    List<Column> elements = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Column row = values(type, rows.get(i));
      if (row.rows() == 0 && hasElements(rows.get(i))) {
        throw PageDecoder.broken(
            "field %s has elements that are not %s".formatted(field.name(), type));
      }
      offsets[i + 1] = Math.addExact(offsets[i], row.rows());
      elements.add(row);
    }
    return elements.isEmpty()
        ? Blanks.of(field, 0)
        : new Column.Array(offsets, Columns.join(elements));
  }

  /** An empty array may come without its type; one of another type would be read as empty. */
  private static boolean hasElements(ScalarField row) {
    return row.getDataCase() != ScalarField.DataCase.DATA_NOT_SET && row.getSerializedSize() > 2;
  }
}
