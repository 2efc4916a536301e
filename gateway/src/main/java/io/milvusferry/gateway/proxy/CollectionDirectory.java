package io.milvusferry.gateway.proxy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.shaded.io.grpc.CallOptions;
import io.milvus.shaded.io.grpc.Context;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Which collection a name means, which may be an alias, and what is to be known of it. Asks a
 * server once, and again after a call that could have changed the answer.
 */
@SuppressWarnings("deprecation") // the old codes are all that 2.2 has, and 2.3 mixes both
final class CollectionDirectory {
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final int STATUS = 1;
  private static final int COLLECTION_NOT_FOUND = 100;
  private static final int DATABASE_NOT_FOUND = 800;
  private static final int MOST = 10_000;

  private final Supplier<List<Side>> sides;
  private final Map<CollectionName, Described> known = new ConcurrentHashMap<>();
  private final AtomicLong generation = new AtomicLong();

  /**
   * @param sides the servers to ask, the next one when the one before has no such collection
   */
  CollectionDirectory(Supplier<List<Side>> sides) {
    this.sides = sides;
  }

  /**
   * Finds a collection by its name or an alias; empty when there is none. At once when the answer
   * is known. Fails with a {@link FerryException} when no server can tell.
   *
   * @param headers of the application's call, for a gateway without credentials of its own
   */
  CompletableFuture<Optional<Described>> find(CollectionName name, Metadata headers) {
    Described at = known.get(name);
    if (at != null) {
      return CompletableFuture.completedFuture(Optional.of(at));
    }
    long asked = generation.get();
    return ask(sides.get(), 0, name, headers)
        .thenApply(
            found -> {
              found.ifPresent(described -> keep(name, described, asked));
              return found;
            });
  }

  /** Names may mean something else from now on. */
  void forget() {
    generation.incrementAndGet();
    known.clear();
  }

  private void keep(CollectionName name, Described described, long asked) {
    if (known.size() >= MOST) {
      known.clear();
    }
    known.put(name, described);
    if (generation.get() != asked) {
      known.remove(name);
    }
  }

  private CompletableFuture<Optional<Described>> ask(
      List<Side> servers, int index, CollectionName name, Metadata headers) {
    Side side = servers.get(index);
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    byte[] request =
        DescribeCollectionRequest.newBuilder()
            .setDbName(name.database())
            .setCollectionName(name.name())
            .build()
            .toByteArray();
    Context.ROOT.run(
        () ->
            UnaryCall.send(
                side,
                RawMethods.milvus("DescribeCollection"),
                side.ownHeaders(name.database(), headers),
                request,
                CallOptions.DEFAULT.withDeadlineAfter(DEADLINE.toMillis(), TimeUnit.MILLISECONDS),
                answer::complete));
    return answer.thenCompose(
        given -> {
          MilvusStatus status = given.milvusStatus(STATUS);
          if (status.ok()) {
            return CompletableFuture.completedFuture(Optional.of(described(name, given)));
          }
          if (index + 1 < servers.size()) {
            return ask(servers, index + 1, name, headers);
          }
          if (missing(status)) {
            return CompletableFuture.completedFuture(Optional.empty());
          }
          return CompletableFuture.failedFuture(unknown(name, given, status));
        });
  }

  private static Described described(CollectionName name, Answer answer) {
    byte[] body = answer.body();
    try {
      return Described.of(
          name.database(), DescribeCollectionResponse.parseFrom(body == null ? new byte[0] : body));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("this is no answer to DescribeCollection", e);
    }
  }

  private static boolean missing(MilvusStatus status) {
    String reason = status.reason();
    return status.code() == COLLECTION_NOT_FOUND
        || status.code() == DATABASE_NOT_FOUND
        || status.errorCode() == io.milvus.grpc.ErrorCode.CollectionNotExists.getNumber()
        || status.errorCode() == io.milvus.grpc.ErrorCode.CollectionNameNotFound.getNumber()
        || reason.contains("can't find collection")
        || reason.contains("collection not found")
        || reason.contains("database not found");
  }

  private static FerryException unknown(CollectionName name, Answer answer, MilvusStatus status) {
    return new FerryException(
        answer.status().isOk() ? ErrorCode.SERVER_REFUSED : ErrorCode.SERVER_UNREACHABLE,
        "the gateway cannot tell which collection %s is: %s"
            .formatted(name, answer.status().isOk() ? status.reason() : answer.status()),
        "Check that the server runs, and that its profile names a user who may describe it.",
        null);
  }
}
