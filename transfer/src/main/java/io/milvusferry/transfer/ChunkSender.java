package io.milvusferry.transfer;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.transfer.bundle.BundleWriter;
import io.milvusferry.transfer.bundle.ChunkEntry;
import io.milvusferry.transfer.bundle.ChunkPlan;
import io.milvusferry.transfer.bundle.SealedFiles.SealedFile;
import io.milvusferry.transfer.remote.RemoteStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Brings single chunks to the other side, unless they are there. Safe for several threads. */
final class ChunkSender {
  private final RemoteStore store;
  private final BundleWriter bundle;
  private final Packing packing;
  private final RemoteBundle remote;
  private final ShipJournal journal;
  private final EarlierChunks earlier;
  private final Set<Integer> again;
  private final ProgressSink progress;
  private final Map<String, Boolean> checked = new ConcurrentHashMap<>();

  ChunkSender(
      RemoteStore store,
      BundleWriter bundle,
      Packing packing,
      RemoteBundle remote,
      ShipJournal journal,
      EarlierChunks earlier,
      Set<Integer> again,
      ProgressSink progress) {
    this.store = store;
    this.bundle = bundle;
    this.packing = packing;
    this.remote = remote;
    this.journal = journal;
    this.earlier = earlier;
    this.again = again;
    this.progress = progress;
  }

  /** Whether the chunk is known to be there, with the size that it must have, or lies beside it. */
  boolean isPresent(ChunkPlan plan) {
    return present(plan).isPresent() || (mayLink(plan) && earlier.has(plan));
  }

  /**
   * Sends a chunk, from where an earlier run stopped.
   *
   * @param task hears of the progress in raw bytes
   * @throws FerryException {@link ErrorCode#ARCHIVE_DAMAGED} when a part is not what the archive
   *     says; the chunk is not sent then
   */
  ChunkOutcome send(ChunkPlan plan, String task) {
    Optional<ChunkOutcome> there =
        present(plan)
            .<ChunkOutcome>map(ChunkOutcome.AlreadyPresent::new)
            .or(() -> linked(plan).map(ChunkOutcome.Linked::new));
    if (there.isPresent()) {
      progress.advanced(task, 0, plan.rawBytes());
      return there.get();
    }
    plan.files().forEach(this::requireUndamaged);
    WireChunk chunk = new WireChunk(bundle, plan, packing);
    try {
      ChunkOutcome outcome =
          isUnexplained(plan) && isThere(plan, chunk)
              ? new ChunkOutcome.AlreadyPresent(chunk.entry())
              : write(plan, chunk);
      progress.advanced(task, 0, plan.rawBytes());
      return outcome;
    } catch (IOException e) {
      throw LocalFailure.of(e, bundle.layout().root());
    }
  }

  private ChunkOutcome write(ChunkPlan plan, WireChunk chunk) throws IOException {
    String path = remote.path(ChunkEntry.fileName(plan.index()));
    long from = resumeAt(plan, chunk);
    AtomicLong acknowledged = new AtomicLong(from);
    AtomicLong journaled = new AtomicLong(from);
    store.write(
        path,
        from,
        chunk,
        offset -> {
          requireRunning();
          acknowledged.set(offset);
          chunk
              .markBefore(offset)
              .filter(mark -> mark.offset() > journaled.get())
              .ifPresent(
                  mark -> {
                    journaled.set(mark.offset());
                    journal.acknowledge(plan.index(), mark);
                  });
        });
    ChunkEntry entry = chunk.entry();
    boolean compared = compare(plan, path, entry);
    store.publish(path);
    journal.publish(plan, entry, packing.release());
    return new ChunkOutcome.Sent(entry, from, acknowledged.get() - from, compared);
  }

  /**
   * Whether the other side has computed the digest of what it has, which is the one that was sent.
   *
   * @throws FerryException {@link ErrorCode#REMOTE_DIFFERS} when it is another one; the chunk has
   *     no name then, and is sent anew by the next run
   */
  private boolean compare(ChunkPlan plan, String path, ChunkEntry entry) {
    Optional<Digest> there = store.digest(path, entry.wireBytes());
    if (there.isPresent() && !there.get().equals(entry.wireDigest())) {
      journal.acknowledge(plan.index(), ShipJournal.Acknowledged.NOTHING);
      throw new FerryException(
          ErrorCode.REMOTE_DIFFERS,
          "the server acknowledged %s, and has something else: digest %s instead of %s"
              .formatted(entry.fileName(), there.get(), entry.wireDigest()),
          "Run the same command again, which sends it anew; and have the server's disk and memory"
              + " looked at.",
          null);
    }
    return there.isPresent();
  }

  private static void requireRunning() {
    if (Thread.currentThread().isInterrupted()) {
      throw new FerryException(
          ErrorCode.INTERRUPTED,
          "stopped while chunks were sent",
          "Run the same command again; it resumes.",
          null);
    }
  }

  private long resumeAt(ChunkPlan plan, WireChunk chunk) throws IOException {
    Optional<ShipJournal.Acknowledged> earlier = journal.acknowledged(plan.index());
    if (again.contains(plan.index()) || earlier.isEmpty()) {
      return 0;
    }
    OptionalLong size = remote.size(ChunkEntry.fileName(plan.index()) + RemoteStore.PARTIAL);
    long offset = earlier.get().offset();
    boolean usable =
        size.isPresent() && size.getAsLong() >= offset && chunk.startsAs(earlier.get());
    return usable ? offset : 0;
  }

  private Optional<ChunkEntry> present(ChunkPlan plan) {
    if (again.contains(plan.index())) {
      return Optional.empty();
    }
    OptionalLong size = remote.size(ChunkEntry.fileName(plan.index()));
    return journal
        .published(plan, packing::keeps)
        .or(() -> listed(plan))
        .filter(chunk -> size.isPresent() && size.getAsLong() == chunk.wireBytes());
  }

  /** What was found damaged once may be damaged where it came from. */
  private boolean mayLink(ChunkPlan plan) {
    String rejected = ChunkEntry.fileName(plan.index()) + RemoteStore.REJECTED;
    return !again.contains(plan.index()) && remote.size(rejected).isEmpty();
  }

  private Optional<ChunkEntry> linked(ChunkPlan plan) {
    if (!mayLink(plan)) {
      return Optional.empty();
    }
    Optional<ChunkEntry> linked =
        earlier.link(plan, remote.path(ChunkEntry.fileName(plan.index())));
    linked.ifPresent(chunk -> journal.publish(plan, chunk, packing.release()));
    return linked;
  }

  /**
   * What the index there says of the chunk, where anybody could make it. Who may write there knows
   * the recipients too; that a chunk is encrypted for them is known from the journal alone.
   */
  private Optional<ChunkEntry> listed(ChunkPlan plan) {
    return packing.encrypts()
        ? Optional.empty()
        : remote.listed(plan.index()).filter(chunk -> mayBe(chunk, plan));
  }

  private boolean mayBe(ChunkEntry earlier, ChunkPlan plan) {
    try {
      return bundle.mayBe(earlier, plan);
    } catch (IOException e) {
      throw LocalFailure.of(e, bundle.layout().root());
    }
  }

  /** Whether a finished chunk is there of which nothing is known. */
  private boolean isUnexplained(ChunkPlan plan) {
    return !again.contains(plan.index())
        && remote.size(ChunkEntry.fileName(plan.index())).isPresent();
  }

  /** Reads back a chunk of which nothing is known but its name. */
  private boolean isThere(ChunkPlan plan, WireChunk chunk) throws IOException {
    try (InputStream wire = chunk.open(0)) {
      wire.transferTo(OutputStream.nullOutputStream());
    }
    ChunkEntry expected = chunk.entry();
    OptionalLong size = remote.size(expected.fileName());
    if (size.isEmpty() || size.getAsLong() != expected.wireBytes()) {
      return false;
    }
    if (!remote.digest(store, expected).equals(expected.wireDigest())) {
      return false;
    }
    journal.publish(plan, expected, packing.release());
    return true;
  }

  /** Of parts; what describes the archive was checked when it was read. */
  void requireUndamaged(SealedFile file) {
    if (file.part()) {
      checked.computeIfAbsent(file.path(), any -> check(file));
    }
  }

  private boolean check(SealedFile part) {
    // A part that was changed since would be encrypted with the key of what it was.
    if (!packing.encrypts() && journal.isChecked(part)) {
      return true;
    }
    Path file = bundle.layout().resolve(part.path());
    try {
      Digest actual = Digest.ofFile(file);
      if (!actual.equals(part.digest())) {
        throw new FerryException(
            ErrorCode.ARCHIVE_DAMAGED,
            "the archive is damaged: %s has the digest %s instead of %s"
                .formatted(part.path(), actual, part.digest()),
            "Run ferry verify to see all that is wrong, and export again.",
            null);
      }
    } catch (IOException e) {
      throw LocalFailure.of(e, file);
    }
    journal.check(part);
    return true;
  }
}
