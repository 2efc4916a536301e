package io.milvusferry.connector;

import com.google.protobuf.ByteString;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FloatArray;
import io.milvus.grpc.VectorArray;
import io.milvus.grpc.VectorField;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Arrays of structs in the answer to a query, where each member is an array by itself, as a column.
 */
final class StructDecoder {
  private StructDecoder() {}

  /**
   * The structs of all rows.
   *
   * @throws io.milvusferry.error.FerryException when a member is missing, unknown, null, of another
   *     type, or has another number of rows, or of values in a row, than the others
   */
  static Column decode(FieldSpec field, FieldData data, int rows) {
    requireNoNulls(field.name(), data);
    Map<String, FieldData> byName = new HashMap<>();
    for (FieldData member : data.getStructArrays().getFieldsList()) {
      String name = StructTranslator.memberName(field.name(), member.getFieldName());
      if (byName.put(name, member) != null) {
        throw PageDecoder.broken("field %s has the member %s twice".formatted(field.name(), name));
      }
    }
    int[] offsets = {};
    List<Column> members = new ArrayList<>();
    for (FieldSpec member : field.members()) {
      FieldData found = byName.remove(member.name());
      FieldSpec named = member.inside(field);
      if (found == null) {
        throw PageDecoder.broken("field " + named.name() + " is missing");
      }
      requireNoNulls(named.name(), found);
      Column.Array values =
          member.type().isDenseVector()
              ? vectors(named, found.getVectors().getVectorArray())
              : scalars(named, found);
      if (values.rows() != rows) {
        throw PageDecoder.broken(
            "field %s has %d rows of %d".formatted(named.name(), values.rows(), rows));
      }
      requireSame(members.isEmpty() ? values.offsets() : offsets, values.offsets(), named);
      offsets = values.offsets();
      members.add(values.elements());
    }
    if (!byName.isEmpty()) {
      throw PageDecoder.broken(
          "field %s has the members %s, which its schema has not"
              .formatted(field.name(), byName.keySet()));
    }
    return new Column.Structs(offsets, members);
  }

  private static void requireNoNulls(String field, FieldData data) {
    boolean[] valid = NullMask.of(data);
    if (NullMask.count(valid) != valid.length) {
      throw PageDecoder.broken("field " + field + " has nulls");
    }
  }

  private static void requireSame(int[] expected, int[] offsets, FieldSpec member) {
    int row = Arrays.mismatch(expected, offsets) - 1;
    if (row >= 0) {
      throw PageDecoder.broken(
          "field %s has %d values in row %d of the page, and another member %d"
              .formatted(
                  member.name(),
                  offsets[row + 1] - offsets[row],
                  row,
                  expected[row + 1] - expected[row]));
    }
  }

  private static Column.Array scalars(FieldSpec member, FieldData data) {
    FieldSpec array = FieldSpec.arrayOf(member.name(), member.type(), member.typeParams());
    return (Column.Array) ScalarDecoder.decode(array, data.getScalars());
  }

  private static Column.Array vectors(FieldSpec member, VectorArray data) {
    int width = member.vectorBytes();
    int[] offsets = new int[data.getDataCount() + 1];
    ByteString all = ByteString.EMPTY;
    for (int row = 0; row < data.getDataCount(); row++) {
      ByteString bytes = bytes(member, data.getData(row));
      if (bytes.size() % width != 0) {
        throw PageDecoder.broken(
            "field %s has %d bytes in row %d of the page, not a multiple of %d"
                .formatted(member.name(), bytes.size(), row, width));
      }
      all = all.concat(bytes);
      offsets[row + 1] = all.size() / width;
    }
    return new Column.Array(offsets, new Column.Vectors(width, ByteBuffer.wrap(all.toByteArray())));
  }

  /** The vectors of one row; a row without any may come without their type. */
  private static ByteString bytes(FieldSpec member, VectorField row) {
    ByteString bytes =
        member.type() == FieldType.FLOAT_VECTOR
            ? floats(row.getFloatVector())
            : PageDecoder.bytes(member.type(), row);
    if (bytes.isEmpty()
        && row.getDataCase() != VectorField.DataCase.DATA_NOT_SET
        && row.toBuilder().clearDim().build().getSerializedSize() > 2) {
      throw PageDecoder.broken(
          "field %s has vectors that are not %s".formatted(member.name(), member.type()));
    }
    return bytes;
  }

  private static ByteString floats(FloatArray floats) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, floats.getDataCount()))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < floats.getDataCount(); i++) {
      bytes.putFloat(floats.getData(i));
    }
    return ByteString.copyFrom(bytes.flip());
  }
}
