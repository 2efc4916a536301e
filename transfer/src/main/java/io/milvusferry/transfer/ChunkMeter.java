package io.milvusferry.transfer;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.transfer.bundle.BundleWriter;
import io.milvusferry.transfer.bundle.ChunkEntry;
import io.milvusferry.transfer.bundle.ChunkPlan;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds out what chunks will be without sending them, so that the index is known before the first
 * volume is written. What an earlier run measured is not measured again.
 */
final class ChunkMeter {
  private final BundleWriter bundle;
  private final Packing packing;
  private final ShipJournal journal;
  private final ChunkSender sender;
  private final Path archive;
  private final ProgressSink progress;

  /**
   * @param sender checks parts, so that nothing is noted of a damaged one
   */
  ChunkMeter(
      BundleWriter bundle,
      Packing packing,
      ShipJournal journal,
      ChunkSender sender,
      Path archive,
      ProgressSink progress) {
    this.bundle = bundle;
    this.packing = packing;
    this.journal = journal;
    this.sender = sender;
    this.archive = archive;
    this.progress = progress;
  }

  /**
   * The chunks as the index lists them.
   *
   * @param task hears of the progress in raw bytes
   * @throws FerryException {@link ErrorCode#ARCHIVE_DAMAGED} when a part is not what the archive
   *     says
   */
  List<ChunkEntry> measure(String task) {
    progress.started(task, -1, bundle.chunks().stream().mapToLong(ChunkPlan::rawBytes).sum());
    List<ChunkEntry> measured =
        new ChunkWorkers(Runtime.getRuntime().availableProcessors())
            .run(
                bundle.chunks(),
                plan -> {
                  ChunkEntry chunk = measure(plan);
                  progress.advanced(task, 0, plan.rawBytes());
                  return chunk;
                });
    progress.finished(task);
    return measured;
  }

  private ChunkEntry measure(ChunkPlan plan) {
    Optional<ChunkEntry> known = journal.measured(plan, packing.release());
    if (known.isPresent()) {
      return known.get();
    }
    plan.files().forEach(sender::requireUndamaged);
    WireChunk chunk = new WireChunk(bundle, plan, packing);
    try (InputStream wire = chunk.open(0)) {
      wire.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw LocalFailure.of(e, archive);
    }
    ChunkEntry entry = chunk.entry();
    journal.measure(plan, entry, packing.release());
    return entry;
  }
}
