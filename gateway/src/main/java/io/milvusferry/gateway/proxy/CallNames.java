package io.milvusferry.gateway.proxy;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import io.milvus.grpc.MilvusProto;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvusferry.connector.MilvusChannels;
import io.milvusferry.manifest.CollectionName;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where the request of a call names its database and its collections. The fields are taken from
 * Milvus' own definition of the call, since their numbers differ from call to call.
 */
final class CallNames {
  private static final Set<String> DATABASE = Set.of("db_name", "dbName");
  private static final Set<String> COLLECTION =
      Set.of("collection_name", "collectionName", "collection_names", "oldName");

  private static final Map<String, CallNames> CALLS =
      MilvusProto.getDescriptor().findServiceByName("MilvusService").getMethods().stream()
          .collect(Collectors.toUnmodifiableMap(MethodDescriptor::getName, CallNames::new));

  private final Set<Integer> databaseFields;
  private final Set<Integer> collectionFields;
  private final Set<Integer> aliasFields;
  private final int statusField;

  private CallNames(MethodDescriptor call) {
    databaseFields = fields(call.getInputType(), DATABASE::contains);
    collectionFields = fields(call.getInputType(), COLLECTION::contains);
    aliasFields = fields(call.getInputType(), "alias"::equals);
    FieldDescriptor status = call.getOutputType().findFieldByName("status");
    statusField = status == null ? 0 : status.getNumber();
  }

  /** Of a call by its short name; null for one that Milvus does not have. */
  static @Nullable CallNames of(String call) {
    return CALLS.get(call);
  }

  /** Whether a request can name a collection or an alias at all. */
  boolean canName() {
    return !collectionFields.isEmpty() || !aliasFields.isEmpty();
  }

  /** Number of the field of the answer that holds the status; 0 when the answer is the status. */
  int statusField() {
    return statusField;
  }

  /**
   * What a request names.
   *
   * @throws IllegalArgumentException when it is no protobuf message
   */
  NamedCollections read(byte[] request, Metadata headers) {
    Reading reading = new Reading();
    WireFields.visit(request, reading);
    String database = reading.database;
    if (database.isEmpty()) {
      database = headers.get(MilvusChannels.DATABASE);
    }
    return new NamedCollections(
        database == null || database.isEmpty() ? CollectionName.DEFAULT_DATABASE : database,
        reading.collections,
        reading.alias);
  }

  private static Set<Integer> fields(Descriptor message, Function<String, Boolean> wanted) {
    return message.getFields().stream()
        .filter(field -> wanted.apply(field.getName()))
        .filter(field -> field.getJavaType() == FieldDescriptor.JavaType.STRING)
        .map(FieldDescriptor::getNumber)
        .collect(Collectors.toUnmodifiableSet());
  }

  private final class Reading implements WireFields.Visitor {
    private final List<String> collections = new ArrayList<>();
    private String database = "";
    private String alias = "";

    @Override
    public void bytes(int field, ByteBuffer value) {
      if (databaseFields.contains(field)) {
        database = WireFields.text(value);
      } else if (collectionFields.contains(field)) {
        String name = WireFields.text(value);
        if (!name.isEmpty()) {
          collections.add(name);
        }
      } else if (aliasFields.contains(field)) {
        alias = WireFields.text(value);
      }
    }
  }
}
