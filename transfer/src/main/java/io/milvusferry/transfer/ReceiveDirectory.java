package io.milvusferry.transfer;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.AtomicFile;
import io.milvusferry.manifest.DirectoryLock;
import io.milvusferry.transfer.bundle.BundleIndex;
import io.milvusferry.transfer.bundle.BundleIndexFile;
import io.milvusferry.transfer.bundle.VolumeLabel;
import io.milvusferry.transfer.bundle.VolumeLabelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The directory that an archive is received into, held by this process alone. */
final class ReceiveDirectory implements AutoCloseable {
  /** A file system's own directory, where the archive is a mount point. */
  private static final String LOST_AND_FOUND = "lost+found";

  private final ArchiveLayout layout;
  private final DirectoryLock lock;

  private ReceiveDirectory(ArchiveLayout layout, DirectoryLock lock) {
    this.layout = layout;
    this.lock = lock;
  }

  /**
   * Takes a directory that is new, empty, or left by an earlier run for the same archive. It
   * remembers of which bundle the first volumes were that it was taken for.
   *
   * @param volumes that are received, empty for a whole bundle
   * @throws FerryException {@link ErrorCode#RECEIVE_DIRECTORY_IN_USE} when something else lies
   *     there, {@link ErrorCode#VOLUME_FOREIGN} when it was begun for another bundle than that of
   *     the volumes; it is not touched
   */
  static ReceiveDirectory take(ArchiveLayout layout, BundleIndex index, Optional<VolumeSet> volumes)
      throws IOException {
    requireUsable(layout, index, volumes);
    Files.createDirectories(layout.root());
    DirectoryLock lock = DirectoryLock.take(layout.lock());
    boolean taken = false;
    try {
      requireUsable(layout, index, volumes);
      ReceiveDirectory directory = new ReceiveDirectory(layout, lock);
      if (!directory.isSealed()) {
        directory.claim(index, volumes);
      }
      taken = true;
      return directory;
    } finally {
      if (!taken) {
        lock.close();
      }
    }
  }

  /** The archive that an earlier run began to receive there. */
  private static Optional<Digest> claimed(ArchiveLayout layout) throws IOException {
    Path claim = claim(layout);
    return Files.isRegularFile(claim, LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(BundleIndexFile.fromBytes(Files.readAllBytes(claim)).archiveId())
        : Optional.empty();
  }

  /** What the first volumes say of themselves that an earlier run took; empty if none did. */
  private static Optional<VolumeLabel> begun(ArchiveLayout layout) throws IOException {
    Path label = label(layout);
    return Files.isRegularFile(label, LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(
            VolumeLabelFile.fromBytes(Files.readAllBytes(label), layout.spool().toString()))
        : Optional.empty();
  }

  private static void requireUsable(
      ArchiveLayout layout, BundleIndex index, Optional<VolumeSet> volumes) throws IOException {
    if (!Files.exists(layout.root(), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(layout.root())) {
      throw inUse(layout, "it is not a directory");
    }
    if (Files.isRegularFile(layout.seal(), LinkOption.NOFOLLOW_LINKS)) {
      Digest there = Digest.ofFile(layout.seal());
      if (!there.equals(index.archiveId())) {
        throw inUse(layout, "it holds the archive %s".formatted(there));
      }
      return;
    }
    Optional<Digest> claimed = claimed(layout);
    if (claimed.isPresent()) {
      if (volumes.isPresent()) {
        volumes.get().requireArchive(claimed.get(), layout.root(), index.archiveId());
        begun(layout).ifPresent(begun -> volumes.get().requireSameSet(begun, layout.root()));
      }
      if (!claimed.get().equals(index.archiveId())) {
        throw inUse(layout, "the archive %s is being received there".formatted(claimed.get()));
      }
      return;
    }
    Set<String> entries = entries(layout.root());
    entries.removeAll(List.of(ArchiveLayout.LOCK, LOST_AND_FOUND));
    if (entries.equals(Set.of(ArchiveLayout.SPOOL))) {
      // An earlier run was stopped between making the spool and claiming it.
      Set<String> spooled = entries(layout.spool());
      spooled.remove(BundleIndex.FILE + ArchiveLayout.PARTIAL);
      entries = spooled;
    }
    if (!entries.isEmpty()) {
      throw inUse(layout, "it holds %s".formatted(entries.iterator().next()));
    }
  }

  private static Set<String> entries(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .map(entry -> String.valueOf(entry.getFileName()))
          .collect(Collectors.toCollection(java.util.TreeSet::new));
    }
  }

  private static Path claim(ArchiveLayout layout) {
    return layout.spool().resolve(BundleIndex.FILE);
  }

  private static Path label(ArchiveLayout layout) {
    return layout.spool().resolve(VolumeLabel.FILE);
  }

  private void claim(BundleIndex index, Optional<VolumeSet> volumes) throws IOException {
    Files.createDirectories(layout.spool());
    AtomicFile.write(claim(layout), BundleIndexFile.toBytes(index));
    if (volumes.isPresent() && begun(layout).isEmpty()) {
      AtomicFile.write(label(layout), VolumeLabelFile.toBytes(volumes.get().label()));
    }
    AtomicFile.forceDirectory(layout.root());
  }

  boolean isSealed() {
    return Files.isRegularFile(layout.seal(), LinkOption.NOFOLLOW_LINKS);
  }

  /** Removes what is of no use once the archive is sealed. */
  void tidy() throws IOException {
    if (Files.isDirectory(layout.spool(), LinkOption.NOFOLLOW_LINKS)) {
      for (String entry : entries(layout.spool())) {
        Files.delete(layout.spool().resolve(entry));
      }
      Files.delete(layout.spool());
    }
    lock.removeFile();
  }

  private static FerryException inUse(ArchiveLayout layout, String why) {
    return new FerryException(
        ErrorCode.RECEIVE_DIRECTORY_IN_USE,
        "%s is in use: %s".formatted(layout.root(), why),
        "Receive into a new or empty directory.",
        null);
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
