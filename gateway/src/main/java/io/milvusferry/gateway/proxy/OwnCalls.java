package io.milvusferry.gateway.proxy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.milvus.grpc.AllocTimestampRequest;
import io.milvus.grpc.AllocTimestampResponse;
import io.milvus.shaded.io.grpc.CallOptions;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** What the gateway asks the source for itself, as the user of its profile. */
public final class OwnCalls {
  private static final int STATUS = 1;
  private static final long DEADLINE_SECONDS = 10;

  private final Side source;

  public OwnCalls(Side source) {
    this.source = source;
  }

  /**
   * Fails unless the source has a collection of that name, which is no alias.
   *
   * @return whether the source makes the keys of its rows
   * @throws FerryException {@code COLLECTION_NOT_FOUND}, {@code SERVER_UNREACHABLE} or {@code
   *     SERVER_REFUSED}
   */
  public boolean requireCollection(CollectionName name) {
    Described collection =
        find(name).orElseThrow(() -> notFound(name, "the source has no " + name));
    if (!collection.name().equals(name)) {
      throw notFound(name, "%s is an alias of %s".formatted(name, collection.name()));
    }
    return collection.autoId();
  }

  /**
   * A text that is another one once the source has another collection under that name, or the same
   * one with other fields; empty when it has none.
   *
   * @throws FerryException {@code SERVER_UNREACHABLE} or {@code SERVER_REFUSED} when nobody can
   *     tell
   */
  public Optional<String> identity(CollectionName name) {
    return find(name).filter(found -> found.name().equals(name)).map(Described::identity);
  }

  private Optional<Described> find(CollectionName name) {
    try {
      return new CollectionDirectory(() -> List.of(source)).find(name, new Metadata()).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof FerryException known) {
        throw known;
      }
      throw e;
    }
  }

  /** The source's clock as a hybrid timestamp; 0 where it does not tell. */
  public long timestamp(String database) {
    Answer answer =
        UnaryCall.await(
            source,
            RawMethods.milvus("AllocTimestamp"),
            source.ownHeaders(database, new Metadata()),
            AllocTimestampRequest.getDefaultInstance().toByteArray(),
            CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS));
    byte[] body = answer.body();
    if (body == null || !answer.milvusStatus(STATUS).ok()) {
      return 0;
    }
    try {
      return AllocTimestampResponse.parseFrom(body).getTimestamp();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("this is no answer to AllocTimestamp", e);
    }
  }

  private static FerryException notFound(CollectionName name, String message) {
    return new FerryException(
        ErrorCode.COLLECTION_NOT_FOUND,
        message,
        "Name a collection that the source has; %s.* stands for all of its database."
            .formatted(name.database()),
        null);
  }
}
