package io.milvusferry.transfer;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.progress.ByteSize;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.transfer.bundle.BundleIndex;
import io.milvusferry.transfer.bundle.BundleWriter;
import io.milvusferry.transfer.bundle.ChunkEntry;
import io.milvusferry.transfer.bundle.ChunkPlan;
import io.milvusferry.transfer.bundle.SealedFiles;
import io.milvusferry.verify.SealSignature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
    this.name = ShipPlace.name(request);
  }

  ShipResult run() throws IOException {
    SealedFiles archive = sealedFiles(new ArchiveLayout(request.archive()));
    BundleWriter bundle = new BundleWriter(archive);
    requireExisting(bundle.chunks());
    requireVolumes(bundle.chunks());
    try (ShipPlace place = ShipPlace.open(request, archive.creationId(), progress)) {
      return request.volumeSize().isPresent()
          ? volumes(place, bundle, archive, request.volumeSize().get())
          : ship(place, bundle, archive, Map.of());
    }
  }

  /**
   * Ships what is left of an archive.
   *
   * @param done outcomes of chunks that were sent before it was sealed, that hold the same
   */
  ShipResult complete(ShipPlace place, Map<ChunkPlan.Id, ChunkOutcome> done) throws IOException {
    SealedFiles archive = sealedFiles(new ArchiveLayout(request.archive()));
    return ship(place, new BundleWriter(archive), archive, done);
  }

  private SealedFiles sealedFiles(ArchiveLayout layout) throws IOException {
    SealedFiles found = SealedFiles.read(layout);
    if (request.signer().isEmpty()) {
      return found;
    }
    if (found.signed()) {
      if (!SealSignature.isBy(request.signer().get(), layout)) {
        progress.notice(
            "the archive is signed by another key, and stays so: only the bundle is signed by this"
                + " one; a receiver must trust both");
      }
      return found;
    }
    SealSignature.sign(request.signer().get(), layout);
    return SealedFiles.read(layout);
  }

  private ShipResult ship(
      ShipPlace place,
      BundleWriter bundle,
      SealedFiles archive,
      Map<ChunkPlan.Id, ChunkOutcome> done) {
    RemoteBundle remote = place.look();
    remote.requireArchive(place.location(), archive);
    if (place.packing().encrypts() && remote.isOpen()) {
      progress.notice(
          "the bundle that lies there is not encrypted; it is replaced, but others may have read it");
    }
    ChunkSender sender = place.sender(bundle, remote, request.again(), progress);
    requireSpace(
        place,
        bundle.chunks().stream()
            .filter(chunk -> !done.containsKey(chunk.id()) && !sender.isPresent(chunk))
            .toList());
    progress.started(task(), -1, rawBytes(bundle.chunks()));
    List<ChunkOutcome> outcomes =
        new ChunkWorkers(request.to().senders())
            .run(
                bundle.chunks(),
                chunk -> {
                  ChunkOutcome earlier = done.get(chunk.id());
                  return earlier == null ? sender.send(chunk, task()) : earlier;
                });
    BundleIndex index = index(archive, outcomes.stream().map(ChunkOutcome::chunk).toList());
    List<ChunkEntry> sample = ReadBack.sample(index, request.readBack());
    new ReadBack(place.store(), remote, request.to().connections(), progress).check(sample);
    new IndexPublication(request.signer(), place.journal(), progress)
        .publish(place.store(), remote, place.packing().index(index));
    place.packing().finish();
    progress.finished(task());
    return result(place, archive, index, outcomes, sample.size(), List.of());
  }

  private ShipResult volumes(
      ShipPlace place, BundleWriter bundle, SealedFiles archive, ByteSize size) {
    RemoteBundle nothing = new RemoteBundle(place.directory(), Map.of(), Optional.empty());
    ChunkSender sender = place.sender(bundle, nothing, request.again(), progress);
    ChunkMeter meter =
        new ChunkMeter(
            bundle, place.packing(), place.journal(), sender, request.archive(), progress);
    BundleIndex index = index(archive, meter.measure("measure " + name));
    IndexFiles files = place.packing().index(index);
    Optional<byte[]> signature =
        new IndexPublication(request.signer(), place.journal(), progress).signature(files);
    VolumePlan plan = VolumePlan.of(index, files, signature, size);
    VolumeShipRun volumes =
        new VolumeShipRun(
            place.store(),
            place.directory(),
            plan,
            bundle,
            place.packing(),
            place.journal(),
            request.again(),
            request.to().connections(),
            progress);
    progress.started(task(), -1, index.rawBytes());
    List<ChunkOutcome> outcomes = new ArrayList<>();
    List<ShippedVolume> shipped = new ArrayList<>();
    for (int volume = 1; volume <= plan.volumes(); volume++) {
      shipped.add(volumes.write(volume, outcomes, task()));
    }
    place.packing().finish();
    progress.finished(task());
    return result(place, archive, index, outcomes, 0, shipped);
  }

  private static ShipResult result(
      ShipPlace place,
      SealedFiles archive,
      BundleIndex index,
      List<ChunkOutcome> outcomes,
      int readBack,
      List<ShippedVolume> volumes) {
    return new ShipResult(
        place.location(),
        archive.archiveId(),
        archive.creationId(),
        outcomes,
        index.rawBytes(),
        index.wireBytes(),
        place.weaknesses(),
        place.store().connectionsUsed(),
        readBack,
        place.packing().encrypts(),
        volumes);
  }

  private static BundleIndex index(SealedFiles archive, List<ChunkEntry> chunks) {
    return new BundleIndex(BundleIndex.CURRENT, archive.archiveId(), archive.creationId(), chunks);
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
    if (request.readBack() > 0) {
      throw new FerryException(
          ErrorCode.USAGE,
          "chunks of volumes are not read back",
          "Check a volume with sha256sum -c SHA256SUMS, where it lies.",
          null);
    }
    VolumePlan.requireRoom(chunks, request.volumeSize().get(), request.recipients().isPresent());
  }

  private String task() {
    return "ship " + name;
  }

  private static long rawBytes(List<ChunkPlan> chunks) {
    return chunks.stream().mapToLong(ChunkPlan::rawBytes).sum();
  }

  private void requireSpace(ShipPlace place, List<ChunkPlan> missing) {
    OptionalLong free = place.store().freeSpace(place.directory());
    long needed = rawBytes(missing);
    if (free.isEmpty() || free.getAsLong() >= needed) {
      return;
    }
    String shown =
        "%s has %s free, and %s of the archive are still to be sent"
            .formatted(
                place.store().location(), new ByteSize(free.getAsLong()), new ByteSize(needed));
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
