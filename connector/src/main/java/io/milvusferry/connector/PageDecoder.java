package io.milvusferry.connector;

import com.google.protobuf.ByteString;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.IntArray;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.VectorField;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns the answer to a query into columns. What is missing or of the wrong length is an error,
 * never a default.
 */
final class PageDecoder {
  private final List<FieldSpec> fields;

  /**
   * @param fields what to take from each page, in the order wanted
   */
  PageDecoder(List<FieldSpec> fields) {
    this.fields = fields;
  }

  /** The rows of a page; null if it has none. */
  @Nullable RecordBatch decode(QueryAnswer page) {
    Map<String, QueryAnswer.Field> byName = new HashMap<>();
    for (QueryAnswer.Field field : page.fields()) {
      FieldData data = field.data();
      byName.put(data.getIsDynamic() ? FieldSpec.DYNAMIC : data.getFieldName(), field);
    }
    if (byName.isEmpty()) {
      return null;
    }
    int rows = rows(byName);
    if (rows == 0) {
      return null;
    }
    List<Column> columns = new ArrayList<>(fields.size());
    for (FieldSpec field : fields) {
      QueryAnswer.Field data = byName.get(field.name());
      if (data == null) {
        throw broken("field " + field.name() + " is missing");
      }
      if (data.data().getValidDataList().contains(false)) {
        throw broken("field " + field.name() + " has nulls");
      }
      Column column =
          field.type().isDenseVector()
              ? vectors(field, data)
              : scalars(field, data.data().getScalars());
      if (column.rows() != rows) {
        throw broken("field %s has %d rows of %d".formatted(field.name(), column.rows(), rows));
      }
      columns.add(column);
    }
    return new RecordBatch(fields, columns, rows);
  }

  private int rows(Map<String, QueryAnswer.Field> byName) {
    FieldSpec key = fields.stream().filter(FieldSpec::primaryKey).findFirst().orElseThrow();
    QueryAnswer.Field found = byName.get(key.name());
    if (found == null) {
      throw broken("the primary key " + key.name() + " is missing");
    }
    ScalarField keys = found.data().getScalars();
    return key.type() == FieldType.INT64
        ? keys.getLongData().getDataCount()
        : keys.getStringData().getDataCount();
  }

  private static Column vectors(FieldSpec field, QueryAnswer.Field data) {
    VectorField vectors = data.data().getVectors();
    int bytesPerRow = field.vectorBytes();
    ByteBuffer bytes =
        switch (field.type()) {
          case FLOAT_VECTOR -> buffer(data.floats());
          case BINARY_VECTOR -> buffer(vectors.getBinaryVector());
          default -> buffer(vectors.getFloat16Vector());
        };
    if (bytes.limit() % bytesPerRow != 0) {
      throw broken(
          "field %s has %d bytes, not a multiple of %d"
              .formatted(field.name(), bytes.limit(), bytesPerRow));
    }
    return new Column.Vectors(bytesPerRow, bytes);
  }

  private static ByteBuffer buffer(ByteString data) {
    return ByteBuffer.wrap(data.toByteArray());
  }

  private static Column scalars(FieldSpec field, ScalarField data) {
    return switch (field.type()) {
      case JSON -> bytes(data.getJsonData().getDataList());
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
          values[i] = data.getDoubleData().getData(i);
        }
        return new Column.Float64(values);
      }
      case VARCHAR -> {
        List<ByteString> texts = new ArrayList<>(data.getStringData().getDataCount());
        for (int i = 0; i < data.getStringData().getDataCount(); i++) {
          texts.add(data.getStringData().getDataBytes(i));
        }
        return bytes(texts);
      }
      default -> throw new IllegalStateException("not a scalar: " + type);
    }
  }

  private static int[] ints(IntArray data) {
    int[] values = new int[data.getDataCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = data.getData(i);
    }
    return values;
  }

  private static Column bytes(List<ByteString> texts) {
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
        throw broken("field %s has elements that are not %s".formatted(field.name(), type));
      }
      offsets[i + 1] = Math.addExact(offsets[i], row.rows());
      elements.add(row);
    }
    return new Column.Array(offsets, concatenated(type, elements, offsets));
  }

  /** An empty array may come without its type; one of another type would be read as empty. */
  private static boolean hasElements(ScalarField row) {
    return row.getDataCase() != ScalarField.DataCase.DATA_NOT_SET && row.getSerializedSize() > 2;
  }

  private static Column concatenated(FieldType type, List<Column> rows, int[] offsets) {
    int total = offsets[rows.size()];
    switch (type) {
      case BOOL -> {
        boolean[] values = new boolean[total];
        for (int i = 0; i < rows.size(); i++) {
          copy(((Column.Bool) rows.get(i)).values(), values, offsets[i]);
        }
        return new Column.Bool(values);
      }
      case INT8, INT16, INT32 -> {
        int[] values = new int[total];
        for (int i = 0; i < rows.size(); i++) {
          copy(((Column.Int32) rows.get(i)).values(), values, offsets[i]);
        }
        return new Column.Int32(values);
      }
      case INT64 -> {
        long[] values = new long[total];
        for (int i = 0; i < rows.size(); i++) {
          copy(((Column.Int64) rows.get(i)).values(), values, offsets[i]);
        }
        return new Column.Int64(values);
      }
      case FLOAT -> {
        float[] values = new float[total];
        for (int i = 0; i < rows.size(); i++) {
          copy(((Column.Float32) rows.get(i)).values(), values, offsets[i]);
        }
        return new Column.Float32(values);
      }
      case DOUBLE -> {
        double[] values = new double[total];
        for (int i = 0; i < rows.size(); i++) {
          copy(((Column.Float64) rows.get(i)).values(), values, offsets[i]);
        }
        return new Column.Float64(values);
      }
      default -> {
        List<ByteString> texts = new ArrayList<>(total);
        for (Column row : rows) {
          Column.Bytes bytes = (Column.Bytes) row;
          for (int i = 0; i < bytes.rows(); i++) {
            texts.add(ByteString.copyFrom(bytes.bytes(), bytes.offsets()[i], bytes.length(i)));
          }
        }
        return bytes(texts);
      }
    }
  }

  private static void copy(Object from, Object to, int at) {
    System.arraycopy(from, 0, to, at, java.lang.reflect.Array.getLength(from));
  }

  private static FerryException broken(String what) {
    return new FerryException(
        ErrorCode.SERVER_REFUSED,
        "the answer to a query is not what was asked for: " + what,
        "The collection may have been altered; run the same command again.",
        null);
  }
}
