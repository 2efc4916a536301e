package io.milvusferry.transfer;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.progress.ByteSize;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.transfer.bundle.BundleIndex;
import io.milvusferry.transfer.bundle.BundleWriter;
import io.milvusferry.transfer.bundle.ChunkCodec;
import io.milvusferry.transfer.bundle.ChunkCodecs;
import io.milvusferry.transfer.bundle.ChunkEntry;
import io.milvusferry.transfer.bundle.ChunkPlan;
import io.milvusferry.transfer.bundle.SealedFiles;
import io.milvusferry.transfer.remote.RemoteStore;
import io.milvusferry.verify.SealSignature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** One shipment from its start to its end. */
final class ShipRun {
  /** No archive is compressed to less than this part of it. */
  private static final long BEST_RATIO = 20;

  private final ShipRequest request;
  private final ProgressSink progress;
  private final String name;

  ShipRun(ShipRequest request, ProgressSink progress) {
    this.request = request;
    this.progress = progress;
    Path file = request.archive().toAbsolutePath().normalize().getFileName();
    this.name = file == null ? "archive" : file.toString();
  }

  ShipResult run() throws IOException {
    ChunkCodec codec = codec();
    SealedFiles archive = sealedFiles(new ArchiveLayout(request.archive()));
    BundleWriter bundle = new BundleWriter(archive);
    requireExisting(bundle.chunks());
    requireVolumes(bundle.chunks());
    String directory = directoryName(archive.creationId());
    try (RemoteStore store = request.to().open(progress);
        TransferJournal journal =
            TransferJournal.open(
                request.state().resolve("ship"),
                "%s %s %s".formatted(archive.archiveId(), store.location(), directory),
                progress)) {
      store.makeDirectories(directory);
      List<String> weaknesses = store.weaknesses();
      weaknesses.forEach(progress::notice);
      ShipJournal done = new ShipJournal(journal);
      if (request.volumeSize().isPresent()) {
        return volumes(store, directory, bundle, archive, codec, done, request.volumeSize().get());
      }
      RemoteBundle remote = RemoteBundle.look(store, directory, archive.archiveId());
      ChunkSender sender =
          new ChunkSender(store, bundle, archive, codec, remote, done, request.again(), progress);
      requireSpace(store, directory, bundle, sender);
      progress.started(task(), -1, rawBytes(bundle.chunks()));
      List<ChunkOutcome> outcomes =
          // A connection sends one chunk, prepares the next and awaits the last answers of one.
          new ChunkWorkers(3 * request.to().connections())
              .run(bundle.chunks(), chunk -> sender.send(chunk, task()));
      BundleIndex index = index(archive, outcomes.stream().map(ChunkOutcome::chunk).toList());
      new IndexPublication(request.signer(), done, progress).publish(store, remote, index);
      progress.finished(task());
      return new ShipResult(
          store.location() + "/" + directory,
          archive.archiveId(),
          archive.creationId(),
          outcomes,
          index.rawBytes(),
          index.wireBytes(),
          weaknesses,
          store.connectionsUsed(),
          List.of());
    }
  }

  private SealedFiles sealedFiles(ArchiveLayout layout) throws IOException {
    SealedFiles found = SealedFiles.read(layout);
    if (request.signer().isEmpty() || found.signed()) {
      return found;
    }
    SealSignature.sign(request.signer().get(), layout);
    return SealedFiles.read(layout);
  }

  private ShipResult volumes(
      RemoteStore store,
      String directory,
      BundleWriter bundle,
      SealedFiles archive,
      ChunkCodec codec,
      ShipJournal done,
      ByteSize size) {
    RemoteBundle nothing = new RemoteBundle(directory, Map.of(), Optional.empty());
    ChunkSender sender =
        new ChunkSender(store, bundle, archive, codec, nothing, done, request.again(), progress);
    ChunkMeter meter = new ChunkMeter(bundle, codec, done, sender, request.archive(), progress);
    BundleIndex index = index(archive, meter.measure("measure " + name));
    Optional<byte[]> signature =
        new IndexPublication(request.signer(), done, progress).signature(index);
    VolumePlan plan = VolumePlan.of(index, signature, size);
    VolumeShipRun volumes =
        new VolumeShipRun(
            store,
            directory,
            plan,
            bundle,
            archive,
            codec,
            done,
            request.again(),
            request.to().connections(),
            progress);
    progress.started(task(), -1, index.rawBytes());
    List<ChunkOutcome> outcomes = new ArrayList<>();
    List<ShippedVolume> shipped = new ArrayList<>();
    for (int volume = 1; volume <= plan.volumes(); volume++) {
      shipped.add(volumes.write(volume, outcomes, task()));
    }
    progress.finished(task());
    return new ShipResult(
        store.location() + "/" + directory,
        archive.archiveId(),
        archive.creationId(),
        outcomes,
        index.rawBytes(),
        index.wireBytes(),
        List.of(),
        store.connectionsUsed(),
        shipped);
  }

  private static BundleIndex index(SealedFiles archive, List<ChunkEntry> chunks) {
    return new BundleIndex(BundleIndex.CURRENT, archive.archiveId(), archive.creationId(), chunks);
  }

  private ChunkCodec codec() {
    return ChunkCodecs.named(request.codec())
        .orElseThrow(
            () ->
                new FerryException(
                    ErrorCode.USAGE,
                    "there is no codec '%s'".formatted(request.codec()),
                    "Use one of %s.".formatted(String.join(", ", ChunkCodecs.names())),
                    null));
  }

  private void requireExisting(List<ChunkPlan> chunks) {
    for (int index : request.again()) {
      if (index < 0 || index >= chunks.size()) {
        throw new FerryException(
            ErrorCode.USAGE,
            "the bundle has no chunk %d, only %d chunks".formatted(index, chunks.size()),
            "Take the numbers from what ferry receive printed for this very archive.",
            null);
      }
    }
  }

  private void requireVolumes(List<ChunkPlan> chunks) {
    if (request.volumeSize().isEmpty()) {
      return;
    }
    if (request.to().directory().isEmpty()) {
      throw new FerryException(
          ErrorCode.USAGE,
          "volumes are for disks, and %s is none".formatted(request.to().uri()),
          "Ship to file:/directory, or leave --volume-size out.",
          null);
    }
    VolumePlan.requireRoom(chunks, request.volumeSize().get());
  }

  /** The archive's own name, as far as every file system takes it, and what makes it unique. */
  private String directoryName(String creationId) {
    String plain =
        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-").replaceAll("^[._-]+", "");
    return (plain.isEmpty() ? "archive" : plain) + "-" + creationId;
  }

  private String task() {
    return "ship " + name;
  }

  private static long rawBytes(List<ChunkPlan> chunks) {
    return chunks.stream().mapToLong(ChunkPlan::rawBytes).sum();
  }

  private void requireSpace(
      RemoteStore store, String directory, BundleWriter bundle, ChunkSender sender) {
    OptionalLong free = store.freeSpace(directory);
    long needed =
        rawBytes(bundle.chunks().stream().filter(chunk -> !sender.isPresent(chunk)).toList());
    if (free.isEmpty() || free.getAsLong() >= needed) {
      return;
    }
    String shown =
        "%s has %s free, and %s of the archive are still to be sent"
            .formatted(store.location(), new ByteSize(free.getAsLong()), new ByteSize(needed));
    if (free.getAsLong() < needed / BEST_RATIO) {
      throw new FerryException(
          ErrorCode.REMOTE_FULL,
          shown,
          "Free some space there and run the same command again; it resumes.",
          null);
    }
    progress.notice(shown + "; it fits only if it compresses well");
  }
}
