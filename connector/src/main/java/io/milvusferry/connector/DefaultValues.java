package io.milvusferry.connector;

import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.ValueField;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Timestamps;
import java.time.DateTimeException;
import java.util.Optional;

/** Default values in the protocol's form and as the manifest writes them; see archive-v1.md. */
final class DefaultValues {
  private DefaultValues() {}

  /**
   * The default of a field as text, if it has one.
   *
   * @throws io.milvusferry.error.FerryException {@code TYPE_UNKNOWN} naming the field, when the
   *     default is of a form that is not known
   */
  static Optional<String> fromServer(String collection, FieldType type, FieldSchema field) {
    ValueField value = field.getDefaultValue();
    // A server may send an empty value for a field without a default.
    if (!field.hasDefaultValue() || value.getDataCase() == ValueField.DataCase.DATA_NOT_SET) {
      return Optional.empty();
    }
    return Optional.of(
        switch (value.getDataCase()) {
          case BOOL_DATA -> Boolean.toString(value.getBoolData());
          case INT_DATA -> Integer.toString(value.getIntData());
          case LONG_DATA -> Long.toString(value.getLongData());
          case FLOAT_DATA -> Float.toString(value.getFloatData());
          case DOUBLE_DATA -> Double.toString(value.getDoubleData());
          case STRING_DATA ->
              type == FieldType.TIMESTAMPTZ ? moment(collection, field) : value.getStringData();
          case TIMESTAMPTZ_DATA -> Long.toString(value.getTimestamptzData());
          case BYTES_DATA -> value.getBytesData().toStringUtf8();
          case DATA_NOT_SET ->
              throw SchemaTranslator.unknown(
                  collection, field.getName(), "with a default value of an unknown form");
        });
  }

  private static String moment(String collection, FieldSchema field) {
    String text = field.getDefaultValue().getStringData();
    try {
      return Long.toString(Timestamps.parse(text));
    } catch (DateTimeException e) {
      throw SchemaTranslator.unknown(
          collection, field.getName(), "with the default '%s', which is no moment".formatted(text));
    }
  }

  static ValueField toServer(FieldSpec field, String text) {
    ValueField.Builder value = ValueField.newBuilder();
    return switch (field.type()) {
      case BOOL -> value.setBoolData(Boolean.parseBoolean(text)).build();
      case INT8, INT16, INT32 -> value.setIntData(Integer.parseInt(text)).build();
      case INT64 -> value.setLongData(Long.parseLong(text)).build();
      case FLOAT -> value.setFloatData(Float.parseFloat(text)).build();
      case DOUBLE -> value.setDoubleData(Double.parseDouble(text)).build();
      case TIMESTAMPTZ -> value.setTimestamptzData(Long.parseLong(text)).build();
      case JSON -> value.setBytesData(com.google.protobuf.ByteString.copyFromUtf8(text)).build();
      default -> value.setStringData(text).build();
    };
  }
}
