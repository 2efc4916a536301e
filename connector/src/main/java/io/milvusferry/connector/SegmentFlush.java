package io.milvusferry.connector;

import io.milvus.grpc.FlushRequest;
import io.milvus.grpc.FlushResponse;
import io.milvus.grpc.GetFlushStateRequest;
import io.milvus.grpc.GetFlushStateResponse;
import io.milvus.grpc.LongArray;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Makes the rows of a collection persistent. Segments that a failed import left behind may stay
 * sealed for ever; each segment is asked for by itself, and those are left out. Deletes are not
 * waited for: queries see them at once, and only a reader of files would miss them.
 */
final class SegmentFlush {
  private final ServerChannel channel;
  private final CollectionName name;

  SegmentFlush(ServerChannel channel, CollectionName name) {
    this.channel = channel;
    this.name = name;
  }

  void flush(Duration deadline) {
    FlushResponse answer = seal();
    Set<Long> segments = new HashSet<>(segments(answer.getCollSegIDsMap().get(name.name())));
    segments.addAll(segments(answer.getFlushCollSegIDsMap().get(name.name())));
    await(segments, deadline);
  }

  /** Seals growing segments, and does not wait. */
  FlushResponse seal() {
    FlushRequest request =
        FlushRequest.newBuilder()
            .setDbName(name.database())
            .addCollectionNames(name.name())
            .build();
    return channel.call(
        name.database(), "Flush of " + name, stub -> stub.flush(request), FlushResponse::getStatus);
  }

  /** Waits until these segments are persistent, but for those of failed imports. */
  void await(Set<Long> segments, Duration deadline) {
    Set<Long> open = new HashSet<>(segments);
    open.removeAll(segmentsOfFailedImports());
    Waiting.until(
        deadline,
        "flushing " + name,
        () -> {
          open.removeIf(segment -> isFlushed(request().addSegmentIDs(segment)));
          return open.isEmpty() ? "" : "segments " + open + " are not persistent";
        });
  }

  /** Segments whose rows no query will ever return. */
  Set<Long> segmentsOfFailedImports() {
    return segmentsOfImports(task -> task.state() == ImportTask.State.FAILED);
  }

  /** Segments of imports for which {@code wanted} says yes; none where no imports are listed. */
  Set<Long> segmentsOfImports(Predicate<ImportTask> wanted) {
    Set<Long> segments = new HashSet<>();
    try {
      for (ImportTask task : new ImportTasks(channel, name.database()).all()) {
        if (wanted.test(task)) {
          segments.addAll(task.segmentIds());
        }
      }
    } catch (FerryException e) {
      if (e.code() != ErrorCode.SERVER_INCAPABLE) {
        throw e;
      }
    }
    return segments;
  }

  private GetFlushStateRequest.Builder request() {
    return GetFlushStateRequest.newBuilder()
        .setDbName(name.database())
        .setCollectionName(name.name());
  }

  private boolean isFlushed(GetFlushStateRequest.Builder request) {
    return channel
        .call(
            name.database(),
            "GetFlushState of " + name,
            stub -> stub.getFlushState(request.build()),
            GetFlushStateResponse::getStatus)
        .getFlushed();
  }

  static Set<Long> segments(@org.jspecify.annotations.Nullable LongArray ids) {
    return ids == null ? Set.of() : new HashSet<>(ids.getDataList());
  }
}
