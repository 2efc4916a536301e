package io.milvusferry.transfer;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.transfer.bundle.BundleWriter;
import io.milvusferry.transfer.bundle.ChunkPlan;
import io.milvusferry.transfer.bundle.SealedFiles.SealedFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Ships the finished parts of an archive while others are made. Nothing of it is a bundle before
 * {@link #finish}; chunks that do not belong to the archive in the end are replaced by then.
 *
 * <p>Where shipping fails on the way, the archive is made all the same, and what is left is sent
 * when it is sealed. Bundles in volumes are not begun ahead: their index comes first.
 */
public final class ShipAhead implements AutoCloseable {
  private final ShipRequest request;
  private final ProgressSink progress;
  private final BundleWriter bundle;
  private final Map<ChunkPlan.Id, Future<ChunkOutcome>> begun = new HashMap<>();
  private final AtomicReference<@Nullable FerryException> failure = new AtomicReference<>();
  private @Nullable Sending sending;
  private String last = "";

  /** The other side, once it is open. */
  private record Sending(ShipPlace place, ChunkSender sender, ExecutorService threads) {}

  ShipAhead(ShipRequest request, ProgressSink progress) {
    this.request = request;
    this.progress = progress;
    this.bundle = new BundleWriter(new ArchiveLayout(request.archive()));
  }

  /**
   * Opens the other side, before the first part.
   *
   * @param creationId of the archive
   * @throws FerryException with the codes {@code SHIP-…} when the other side cannot be reached or
   *     refuses
   */
  public void begin(String creationId) {
    if (request.volumeSize().isPresent()) {
      return;
    }
    try {
      ShipPlace place = ShipPlace.open(request, creationId, progress);
      try {
        ExecutorService threads = Executors.newFixedThreadPool(request.to().senders());
        sending =
            new Sending(place, place.sender(bundle, place.look(), Set.of(), progress), threads);
      } finally {
        if (sending == null) {
          place.close();
        }
      }
      progress.started(task(), -1, -1);
    } catch (IOException e) {
      throw LocalFailure.of(e, request.archive());
    }
  }

  /**
   * A part is durable; its chunks are sent while the caller goes on. Parts come in the order of
   * their paths; one that does not is sent at the end.
   */
  public void add(String path, long bytes, Digest digest) {
    Sending open = sending;
    if (open == null || path.compareTo(last) <= 0 || failure.get() != null) {
      return;
    }
    last = path;
    for (ChunkPlan chunk : bundle.add(new SealedFile(path, bytes, digest, true))) {
      begun.put(chunk.id(), open.threads().submit(() -> send(open.sender(), chunk)));
    }
  }

  private ChunkOutcome send(ChunkSender sender, ChunkPlan chunk) {
    FerryException before = failure.get();
    if (before != null) {
      throw before;
    }
    try {
      return sender.send(chunk, task());
    } catch (FerryException e) {
      if (failure.compareAndSet(null, e)) {
        progress.notice(
            "%s; what is left is sent when the archive is sealed".formatted(e.getMessage()));
      }
      throw e;
    }
  }

  /**
   * Sends what is left of the sealed archive, and publishes the bundle.
   *
   * @throws FerryException as {@link Shipment#ship}
   */
  public ShipResult finish() {
    try {
      ShipRun run = new ShipRun(request, progress);
      return sending == null ? run.run() : run.complete(sending.place(), done());
    } catch (IOException e) {
      throw LocalFailure.of(e, request.archive());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ChunkWorkers.interrupted(e);
    }
  }

  /** Outcomes of the chunks that are there. */
  private Map<ChunkPlan.Id, ChunkOutcome> done() throws InterruptedException {
    Map<ChunkPlan.Id, ChunkOutcome> done = new HashMap<>();
    for (Map.Entry<ChunkPlan.Id, Future<ChunkOutcome>> chunk : begun.entrySet()) {
      try {
        done.put(chunk.getKey(), ChunkWorkers.await(chunk.getValue()));
      } catch (FerryException toldWhenItHappened) {
        // The chunk is sent again.
      }
    }
    return done;
  }

  private String task() {
    return "ship " + ShipPlace.name(request);
  }

  /** Stops what is still being sent; a later run goes on from there. */
  @Override
  public void close() {
    if (sending == null) {
      return;
    }
    ChunkWorkers.stop(sending.threads());
    try {
      sending.place().close();
    } catch (IOException e) {
      throw LocalFailure.of(e, request.state());
    }
  }
}
