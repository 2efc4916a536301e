package io.milvusferry.connector;

import com.google.protobuf.ByteString;
import io.milvus.grpc.FieldData;
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
      columns.add(column(field, data, rows));
    }
    return new RecordBatch(fields, columns, rows);
  }

  private static Column column(FieldSpec field, QueryAnswer.Field data, int rows) {
    if (field.type() == FieldType.STRUCT_ARRAY) {
      return StructDecoder.decode(field, data.data(), rows);
    }
    Column values =
        field.type().isDenseVector()
            ? vectors(field, data)
            : field.type().isVector()
                ? SparseDecoder.decode(field, data.data().getVectors())
                : ScalarDecoder.decode(field, data.data().getScalars());
    boolean[] valid = NullMask.of(data.data());
    if (valid.length == 0 || (valid.length == rows && NullMask.count(valid) == rows)) {
      return requireRows(field, values, rows);
    }
    if (!field.nullable()) {
      throw broken("field " + field.name() + " has nulls");
    }
    if (valid.length != rows) {
      throw broken("field %s says of %d rows of %d".formatted(field.name(), valid.length, rows));
    }
    // Some servers send a placeholder for each null, others the values that are there alone.
    Column spread =
        values.rows() == NullMask.count(valid) ? NullMask.spread(valid, values, field) : values;
    return Column.nullable(valid, requireRows(field, spread, rows));
  }

  private static Column requireRows(FieldSpec field, Column column, int rows) {
    if (column.rows() != rows) {
      throw broken("field %s has %d rows of %d".formatted(field.name(), column.rows(), rows));
    }
    return column;
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
    int bytesPerRow = field.vectorBytes();
    ByteBuffer bytes =
        buffer(
            field.type() == FieldType.FLOAT_VECTOR
                ? data.floats()
                : bytes(field.type(), data.data().getVectors()));
    if (bytes.limit() % bytesPerRow != 0) {
      throw broken(
          "field %s has %d bytes, not a multiple of %d"
              .formatted(field.name(), bytes.limit(), bytesPerRow));
    }
    return new Column.Vectors(bytesPerRow, bytes);
  }

  /** The bytes of dense vectors that are no float vectors. */
  static ByteString bytes(FieldType type, VectorField vectors) {
    return switch (type) {
      case BINARY_VECTOR -> vectors.getBinaryVector();
      case BFLOAT16_VECTOR -> vectors.getBfloat16Vector();
      case INT8_VECTOR -> vectors.getInt8Vector();
      default -> vectors.getFloat16Vector();
    };
  }

  private static ByteBuffer buffer(ByteString data) {
    return ByteBuffer.wrap(data.toByteArray());
  }

  static FerryException broken(String what) {
    return new FerryException(
        ErrorCode.SERVER_REFUSED,
        "the answer to a query is not what was asked for: " + what,
        "The collection may have been altered; run the same command again.",
        null);
  }
}
