package io.milvusferry.transfer;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.progress.ByteSize;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.transfer.bundle.BundleWriter;
import io.milvusferry.transfer.bundle.ChunkEntry;
import io.milvusferry.transfer.bundle.ChunkPlan;
import io.milvusferry.transfer.bundle.VolumeLabel;
import io.milvusferry.transfer.bundle.VolumeLabelFile;
import io.milvusferry.transfer.remote.RemoteFile;
import io.milvusferry.transfer.remote.RemoteStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Writes the volumes of a bundle one after the other. A volume is whole, and may be taken away, as
 * soon as its list of digests is there; a later run goes on with the next one.
 */
final class VolumeShipRun {
  private final RemoteStore store;
  private final SmallFiles small;
  private final String directory;
  private final VolumePlan plan;
  private final BundleWriter bundle;
  private final Packing packing;
  private final ShipJournal journal;
  private final Set<Integer> again;
  private final int atOnce;
  private final ProgressSink progress;

  VolumeShipRun(
      RemoteStore store,
      String directory,
      VolumePlan plan,
      BundleWriter bundle,
      Packing packing,
      ShipJournal journal,
      Set<Integer> again,
      int atOnce,
      ProgressSink progress) {
    this.store = store;
    this.small = new SmallFiles(store);
    this.directory = directory;
    this.plan = plan;
    this.bundle = bundle;
    this.packing = packing;
    this.journal = journal;
    this.again = again;
    this.atOnce = atOnce;
    this.progress = progress;
  }

  /**
   * Writes a volume, unless an earlier run did.
   *
   * @param outcomes takes what became of its chunks
   * @param task hears of the progress in raw bytes
   * @throws FerryException {@link ErrorCode#REMOTE_FULL} when it does not fit, {@link
   *     ErrorCode#DESTINATION_TAKEN} when a volume of another size lies there; the volumes before
   *     it are whole then
   */
  ShippedVolume write(int volume, List<ChunkOutcome> outcomes, String task) {
    String path = directory + "/" + VolumeLabel.directoryName(volume);
    VolumePlan.VolumeFiles files = plan.files(volume);
    Digest sums = Digest.ofContent(files.sums());
    List<ChunkEntry> chunks = plan.chunks(volume);
    List<RemoteFile> there = store.list(path);
    boolean away =
        there.isEmpty()
            && journal.isWritten(volume, sums)
            && chunks.stream().noneMatch(chunk -> again.contains(chunk.index()));
    if (away) {
      chunks.forEach(chunk -> outcomes.add(new ChunkOutcome.AlreadyPresent(chunk)));
      chunks.forEach(chunk -> progress.advanced(task, 0, chunk.rawBytes()));
    } else {
      requireSameSplit(volume, path);
      outcomes.addAll(send(volume, there, files, task));
      files.contents().forEach((name, content) -> small.put(path + "/" + name, content));
      journal.write(volume, sums);
    }
    long bytes = chunks.stream().mapToLong(ChunkEntry::wireBytes).sum() + files.bytes();
    return new ShippedVolume(store.location() + "/" + path, volume, chunks.size(), bytes, !away);
  }

  private List<ChunkOutcome> send(
      int volume, List<RemoteFile> there, VolumePlan.VolumeFiles files, String task) {
    RemoteBundle remote = remote(volume, there, files.sums());
    ChunkSender sender =
        new ChunkSender(
            store, bundle, packing, remote, journal, EarlierChunks.NONE, again, progress);
    List<ChunkPlan> plans =
        plan.chunks(volume).stream().map(chunk -> bundle.chunks().get(chunk.index())).toList();
    requireSpace(
        volume, plans.stream().filter(chunk -> !sender.isPresent(chunk)).toList(), files.bytes());
    store.makeDirectories(remote.directory());
    small.put(remote.path(VolumeLabel.FILE), files.label());
    List<ChunkOutcome> outcomes =
        new ChunkWorkers(atOnce).run(plans, chunk -> sender.send(chunk, task));
    outcomes.forEach(outcome -> requireAsMeasured(outcome.chunk()));
    return outcomes;
  }

  /** A volume that was split otherwise has other chunks, and would hold both. */
  private void requireSameSplit(int volume, String path) {
    String file = path + "/" + VolumeLabel.FILE;
    Optional<byte[]> label = small.find(file, (int) VolumeLabelFile.MAX_BYTES);
    if (label.isEmpty()) {
      return;
    }
    VolumeLabel there;
    try {
      there = VolumeLabelFile.fromBytes(label.get(), path);
    } catch (FerryException e) {
      if (e.code() == ErrorCode.BUNDLE_INVALID) {
        return; // damaged: it is written again
      }
      throw e;
    }
    VolumeLabel planned = plan.label(volume);
    if (there.number() != volume || !there.belongsWith(planned)) {
      throw new FerryException(
          ErrorCode.DESTINATION_TAKEN,
          "%s/%s holds volume %d of %d, and this is volume %d of %d: of another size, codec or recipient"
              .formatted(
                  store.location(),
                  path,
                  there.number(),
                  there.volumes(),
                  volume,
                  planned.volumes()),
          "Use the --volume-size, --codec and --encrypt-to of the earlier run, or remove that directory.",
          null);
    }
  }

  /** What lies there; its chunks are known where the volume was whole before. */
  private RemoteBundle remote(int volume, List<RemoteFile> there, byte[] sums) {
    Map<String, Long> sizes = new HashMap<>();
    there.forEach(file -> sizes.put(file.name(), file.size()));
    String path = directory + "/" + VolumeLabel.directoryName(volume);
    boolean whole = small.isThere(path + "/" + VolumeLabel.SUMS, sums);
    return new RemoteBundle(path, sizes, whole ? Optional.of(plan.index()) : Optional.empty());
  }

  private void requireAsMeasured(ChunkEntry written) {
    ChunkEntry planned = plan.index().chunks().get(written.index());
    if (!written.equals(planned)) {
      throw new FerryException(
          ErrorCode.JOURNAL_DAMAGED,
          "chunk %d has the digest %s, where an earlier run noted %s"
              .formatted(written.index(), written.wireDigest(), planned.wireDigest()),
          "Ship to another directory, so that everything is measured anew.",
          null);
    }
  }

  private void requireSpace(int volume, List<ChunkPlan> missing, long others) {
    long needed =
        others
            + missing.stream()
                .mapToLong(chunk -> plan.index().chunks().get(chunk.index()).wireBytes())
                .sum();
    OptionalLong free = store.freeSpace(directory);
    if (free.isEmpty() || free.getAsLong() >= needed) {
      return;
    }
    throw new FerryException(
        ErrorCode.REMOTE_FULL,
        "volume %d of %d needs %s, and %s has %s free"
            .formatted(
                volume,
                plan.volumes(),
                new ByteSize(needed),
                store.location(),
                new ByteSize(free.getAsLong())),
        volume == 1
            ? "Free some space there, or use a smaller --volume-size, and run the command again."
            : ("All volumes before it are whole: take them away, put an empty disk in their place, and"
                    + " run the same command again; it goes on with volume %d.")
                .formatted(volume),
        null);
  }
}
