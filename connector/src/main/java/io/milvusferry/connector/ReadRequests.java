package io.milvusferry.connector;

import com.google.protobuf.CodedOutputStream;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.SearchRequest;
import io.milvus.shaded.io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Puts requests that read rows on the wire, field by field. Protobuf would ask them for their map
 * of expression templates, which is never set here, and to know the type of an empty map it builds
 * the descriptors of everything that Milvus says: 0.2 CPU-seconds in every run of a short command.
 */
final class ReadRequests {
  static final Marshaller<QueryRequest> QUERY = new Writing<>(ReadRequests::write);
  static final Marshaller<SearchRequest> SEARCH = new Writing<>(ReadRequests::write);

  private ReadRequests() {}

  private static void write(QueryRequest request, CodedOutputStream out) throws IOException {
    text(QueryRequest.DB_NAME_FIELD_NUMBER, request.getDbName(), out);
    text(QueryRequest.COLLECTION_NAME_FIELD_NUMBER, request.getCollectionName(), out);
    text(QueryRequest.EXPR_FIELD_NUMBER, request.getExpr(), out);
    texts(QueryRequest.OUTPUT_FIELDS_FIELD_NUMBER, request.getOutputFieldsList(), out);
    texts(QueryRequest.PARTITION_NAMES_FIELD_NUMBER, request.getPartitionNamesList(), out);
    number(QueryRequest.GUARANTEE_TIMESTAMP_FIELD_NUMBER, request.getGuaranteeTimestamp(), out);
    pairs(QueryRequest.QUERY_PARAMS_FIELD_NUMBER, request.getQueryParamsList(), out);
    number(QueryRequest.CONSISTENCY_LEVEL_FIELD_NUMBER, request.getConsistencyLevelValue(), out);
    number(
        QueryRequest.USE_DEFAULT_CONSISTENCY_FIELD_NUMBER,
        request.getUseDefaultConsistency() ? 1 : 0,
        out);
  }

  private static void write(SearchRequest request, CodedOutputStream out) throws IOException {
    text(SearchRequest.DB_NAME_FIELD_NUMBER, request.getDbName(), out);
    text(SearchRequest.COLLECTION_NAME_FIELD_NUMBER, request.getCollectionName(), out);
    texts(SearchRequest.PARTITION_NAMES_FIELD_NUMBER, request.getPartitionNamesList(), out);
    text(SearchRequest.DSL_FIELD_NUMBER, request.getDsl(), out);
    out.writeBytes(SearchRequest.PLACEHOLDER_GROUP_FIELD_NUMBER, request.getPlaceholderGroup());
    number(SearchRequest.DSL_TYPE_FIELD_NUMBER, request.getDslTypeValue(), out);
    texts(SearchRequest.OUTPUT_FIELDS_FIELD_NUMBER, request.getOutputFieldsList(), out);
    pairs(SearchRequest.SEARCH_PARAMS_FIELD_NUMBER, request.getSearchParamsList(), out);
    number(SearchRequest.GUARANTEE_TIMESTAMP_FIELD_NUMBER, request.getGuaranteeTimestamp(), out);
    number(SearchRequest.NQ_FIELD_NUMBER, request.getNq(), out);
    number(SearchRequest.CONSISTENCY_LEVEL_FIELD_NUMBER, request.getConsistencyLevelValue(), out);
    number(
        SearchRequest.USE_DEFAULT_CONSISTENCY_FIELD_NUMBER,
        request.getUseDefaultConsistency() ? 1 : 0,
        out);
  }

  private static void text(int field, String text, CodedOutputStream out) throws IOException {
    if (!text.isEmpty()) {
      out.writeString(field, text);
    }
  }

  private static void texts(int field, List<String> texts, CodedOutputStream out)
      throws IOException {
    for (String text : texts) {
      out.writeString(field, text);
    }
  }

  /** Numbers of every size, enumerations and truth values are alike on the wire. */
  private static void number(int field, long number, CodedOutputStream out) throws IOException {
    if (number != 0) {
      out.writeUInt64(field, number);
    }
  }

  private static void pairs(int field, List<KeyValuePair> pairs, CodedOutputStream out)
      throws IOException {
    for (KeyValuePair pair : pairs) {
      out.writeMessage(field, pair);
    }
  }

  /** Writes one message; it holds no field but those that are written. */
  private interface Fields<T> {
    void write(T message, CodedOutputStream out) throws IOException;
  }

  private record Writing<T>(Fields<T> fields) implements Marshaller<T> {
    @Override
    public InputStream stream(T message) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      try {
        fields.write(message, out);
        out.flush();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      return new ByteArrayInputStream(bytes.toByteArray());
    }

    @Override
    public T parse(InputStream stream) {
      throw new UnsupportedOperationException("requests are only written");
    }
  }
}
