package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * Reads the values of one field as the segment files of a Milvus server hold them: a Parquet file
 * with the one column {@code val}, without nulls, in memory.
 *
 * <p>Dense vectors lie there as fixed-length bytes, texts and JSON as they are; of an array, each
 * value is a protobuf message, which is handed on as it is.
 */
public final class PayloadReader {
  private static final String COLUMN = "val";

  private PayloadReader() {}

  /**
   * The values, one for each row; those of an array field as {@link Column.Bytes}.
   *
   * @param payload from its position to its limit
   * @throws IOException when it is not such a file, or holds values of another type; it says why
   */
  public static Column read(FieldSpec field, ByteBuffer payload) throws IOException {
    try (ParquetFileReader file = ParquetFileReader.open(new MemoryFile(payload), options())) {
      ColumnDescriptor column = column(field, file.getFileMetaData().getSchema());
      long rows = file.getRecordCount();
      PayloadValues values = PayloadValues.of(field, Math.toIntExact(rows));
      for (PageReadStore group = file.readNextRowGroup();
          group != null;
          group = file.readNextRowGroup()) {
        readGroup(column, group.getPageReader(column), values);
        group.close();
      }
      return values.take();
    } catch (RuntimeException e) {
      throw new IOException(reason(e), e);
    }
  }

  private static void readGroup(ColumnDescriptor column, PageReader pages, PayloadValues values)
      throws IOException {
    Dictionary dictionary = dictionary(column, pages);
    for (var page = pages.readPage(); page != null; page = pages.readPage()) {
      if (!(page instanceof DataPageV1 plain)) {
        throw new IOException("it has pages of version 2");
      }
      ByteBufferInputStream bytes = plain.getBytes().toInputStream();
      int count = plain.getValueCount();
      if (plain.getValueEncoding() == Encoding.PLAIN && values.takesPlain()) {
        values.addPlain(bytes, count);
      } else {
        values.add(reader(column, plain.getValueEncoding(), dictionary, count, bytes), count);
      }
    }
  }

  private static ValuesReader reader(
      ColumnDescriptor column,
      Encoding encoding,
      @org.jspecify.annotations.Nullable Dictionary dictionary,
      int count,
      ByteBufferInputStream bytes)
      throws IOException {
    if (encoding.usesDictionary() && dictionary == null) {
      throw new IOException("its dictionary is missing");
    }
    ValuesReader reader =
        encoding.usesDictionary()
            ? encoding.getDictionaryBasedValuesReader(column, ValuesType.VALUES, dictionary)
            : encoding.getValuesReader(column, ValuesType.VALUES);
    reader.initFromPage(count, bytes);
    return reader;
  }

  private static @org.jspecify.annotations.Nullable Dictionary dictionary(
      ColumnDescriptor column, PageReader pages) throws IOException {
    DictionaryPage page = pages.readDictionaryPage();
    return page == null ? null : page.getEncoding().initDictionary(column, page);
  }

  private static ColumnDescriptor column(FieldSpec field, MessageType schema) throws IOException {
    if (schema.getFieldCount() != 1
        || !schema.getFieldName(0).equals(COLUMN)
        || !schema.getType(0).isPrimitive()
        || !schema.getType(0).isRepetition(Type.Repetition.REQUIRED)) {
      throw new IOException("its columns are %s, not one of plain values".formatted(names(schema)));
    }
    PrimitiveType type = schema.getType(0).asPrimitiveType();
    if (type.getPrimitiveTypeName() != expected(field.type())
        || (type.getPrimitiveTypeName() == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY
            && type.getTypeLength() != field.vectorBytes())) {
      throw new IOException("its values are %s, not %s".formatted(type, field.typeText()));
    }
    return schema.getColumns().get(0);
  }

  private static String names(MessageType schema) {
    return String.join(", ", schema.getFields().stream().map(Type::toString).toList());
  }

  private static PrimitiveTypeName expected(FieldType type) {
    return switch (type) {
      case BOOL -> PrimitiveTypeName.BOOLEAN;
      case INT8, INT16, INT32 -> PrimitiveTypeName.INT32;
      case INT64 -> PrimitiveTypeName.INT64;
      case FLOAT -> PrimitiveTypeName.FLOAT;
      case DOUBLE -> PrimitiveTypeName.DOUBLE;
      case VARCHAR, JSON, ARRAY -> PrimitiveTypeName.BINARY;
      case FLOAT_VECTOR, BINARY_VECTOR, FLOAT16_VECTOR -> PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
      default -> throw new IllegalArgumentException("no payload holds " + type);
    };
  }

  private static String reason(RuntimeException failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private static ParquetReadOptions options() {
    return ParquetReadOptions.builder(new PlainParquetConfiguration())
        .withCodecFactory(new ZstdCodec())
        .usePageChecksumVerification(true)
        .build();
  }
}
