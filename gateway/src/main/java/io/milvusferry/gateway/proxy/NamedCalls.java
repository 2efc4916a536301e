package io.milvusferry.gateway.proxy;

import io.milvus.shaded.io.grpc.CallOptions;
import io.milvus.shaded.io.grpc.Context;
import io.milvus.shaded.io.grpc.Deadline;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.ServerCall;
import io.milvus.shaded.io.grpc.Status;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.Direction;
import io.milvusferry.gateway.journal.Mirror;
import io.milvusferry.gateway.journal.Mirroring;
import io.milvusferry.manifest.CollectionName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/**
 * Calls that are no writes, while collections are mirrored: sends each to the server that decides
 * about what it names, and refuses those that mirroring cannot stand. Runs on event loops.
 */
final class NamedCalls {
  private final Sides sides;
  private final Mirroring mirroring;
  private final CollectionDirectory directory;
  private final ReadRouter reads;

  NamedCalls(Sides sides, Mirroring mirroring, CollectionDirectory directory, ReadRouter reads) {
    this.sides = sides;
    this.mirroring = mirroring;
    this.directory = directory;
    this.reads = reads;
  }

  /** A collection that a call names, if it is mirrored. */
  private record Found(Described collection, Mirror mirror) {}

  /** Sees to the answer. */
  void call(ServerCall<byte[], byte[]> down, Metadata headers, CallNames names, byte[] request) {
    NamedCollections named = names.read(request, headers);
    Context context = Context.current();
    CompletableFuture<Void> unused =
        find(named, headers)
            .thenAccept(found -> context.run(() -> go(down, headers, named, found, request)))
            .exceptionally(
                failure -> {
                  failed(failure, names.statusField()).to(down);
                  return null;
                });
  }

  private static Answer failed(Throwable failure, int statusField) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof FerryException known
        ? MilvusStatus.of(known).answer(statusField)
        : Answer.failed(Status.INTERNAL.withDescription("gateway: " + cause));
  }

  private void go(
      ServerCall<byte[], byte[]> down,
      Metadata headers,
      NamedCollections named,
      List<Optional<Found>> found,
      byte[] request) {
    String call = String.valueOf(down.getMethodDescriptor().getBareMethodName());
    refuse(call, named, found);
    Optional<ReadKind> read = ReadKind.of(call);
    if (read.isPresent() && found.size() == 1 && found.get(0).isPresent()) {
      Found one = found.get(0).get();
      reads.read(down, headers, read.get(), request, one.mirror(), one.collection());
      return;
    }
    Set<Side> deciding =
        found.stream()
            .map(one -> one.map(f -> f.mirror().direction()).orElse(Direction.FORWARD))
            .map(sides::deciding)
            .collect(Collectors.toSet());
    if (deciding.size() > 1) {
      throw Refusals.mixed(call);
    }
    Side side = deciding.isEmpty() ? sides.source() : deciding.iterator().next();
    forward(down, headers, side, request, Refusals.changesNames(call));
  }

  private void refuse(String call, NamedCollections named, List<Optional<Found>> found) {
    if (Refusals.ofMirrored(call)) {
      for (Optional<Found> one : found) {
        if (one.isPresent() && one.get().mirror().direction() != Direction.RETIRED) {
          throw Refusals.mirrored(call, one.get().mirror().collection());
        }
      }
    }
    for (CollectionName mirrored : mirroring.collections()) {
      if (Refusals.always(call)
          || (Refusals.ofDatabase(call) && mirrored.database().equals(named.database()))) {
        throw Refusals.mirrored(call, mirrored);
      }
    }
  }

  private void forward(
      ServerCall<byte[], byte[]> down,
      Metadata headers,
      Side side,
      byte[] request,
      boolean changesNames) {
    Deadline deadline = Context.current().getDeadline();
    UnaryCall.send(
        side,
        down.getMethodDescriptor(),
        side.headers(headers),
        request,
        deadline == null ? CallOptions.DEFAULT : CallOptions.DEFAULT.withDeadline(deadline),
        answer -> {
          if (changesNames) {
            directory.forget();
          }
          answer.to(down);
        });
  }

  /** What of the names is mirrored, in their order. */
  private CompletableFuture<List<Optional<Found>>> find(NamedCollections named, Metadata headers) {
    List<String> names = new ArrayList<>(named.collections());
    if (!named.alias().isEmpty()) {
      names.add(named.alias());
    }
    CompletableFuture<List<Optional<Found>>> all =
        CompletableFuture.completedFuture(new ArrayList<>());
    for (String name : names) {
      CollectionName given = new CollectionName(named.database(), name);
      all =
          all.thenCombine(
              directory.find(given, headers),
              (list, described) -> {
                list.add(described.flatMap(this::found));
                return list;
              });
    }
    return all;
  }

  private Optional<Found> found(Described collection) {
    return mirroring.find(collection.name()).map(mirror -> new Found(collection, mirror));
  }
}
