package io.milvusferry.gateway.proxy;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.IDs;
import io.milvus.grpc.InsertRequest;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.StringArray;
import io.milvusferry.record.Key;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Keys of rows, in requests and in answers. */
final class RowKeys {
  /** Of an insert and of an upsert alike. */
  private static final int FIELDS_DATA = 5;

  private static final int FIELD_NAME = 2;

  private RowKeys() {}

  /** The keys of an insert or upsert; none when the request has none. */
  static List<Key> ofRequest(byte[] request, String keyField) {
    List<Key> keys = new ArrayList<>();
    WireFields.visit(
        request,
        new WireFields.Visitor() {
          @Override
          public void bytes(int field, ByteBuffer value) throws IOException {
            if (field == FIELDS_DATA && keyField.equals(name(value))) {
              addAll(FieldData.parseFrom(value.duplicate()).getScalars(), keys);
            }
          }
        });
    return keys;
  }

  /** The keys of rows that a query found. */
  static List<Key> of(List<FieldData> fields, String keyField) {
    List<Key> keys = new ArrayList<>();
    fields.stream()
        .filter(field -> field.getFieldName().equals(keyField))
        .forEach(field -> addAll(field.getScalars(), keys));
    return keys;
  }

  /** What to append to an insert, so that it bears the keys of its answer. */
  static byte[] toAppend(IDs ids, Described collection) {
    ScalarField.Builder values = ScalarField.newBuilder();
    if (collection.numericKey()) {
      values.setLongData(LongArray.newBuilder().addAllData(ids.getIntId().getDataList()));
    } else {
      values.setStringData(StringArray.newBuilder().addAllData(ids.getStrId().getDataList()));
    }
    return InsertRequest.newBuilder()
        .addFieldsData(
            FieldData.newBuilder()
                .setFieldName(collection.keyField())
                .setType(collection.numericKey() ? DataType.Int64 : DataType.VarChar)
                .setScalars(values))
        .build()
        .toByteArray();
  }

  private static void addAll(ScalarField values, List<Key> keys) {
    values.getLongData().getDataList().forEach(value -> keys.add(new Key.Int64(value)));
    values.getStringData().getDataList().forEach(value -> keys.add(new Key.Varchar(value)));
  }

  /** The name of a field, without reading its values. */
  private static String name(ByteBuffer field) {
    String[] name = {""};
    WireFields.visit(
        field,
        new WireFields.Visitor() {
          @Override
          public void bytes(int number, ByteBuffer value) {
            if (number == FIELD_NAME) {
              name[0] = WireFields.text(value);
            }
          }
        });
    return name[0];
  }
}
