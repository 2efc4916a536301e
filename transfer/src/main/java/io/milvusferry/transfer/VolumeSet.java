package io.milvusferry.transfer;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.signature.OriginCheck;
import io.milvusferry.transfer.age.Identities;
import io.milvusferry.transfer.bundle.BundleIndex;
import io.milvusferry.transfer.bundle.BundleIndexFile;
import io.milvusferry.transfer.bundle.EncryptedIndex;
import io.milvusferry.transfer.bundle.PublishedIndex;
import io.milvusferry.transfer.bundle.VolumeLabel;
import io.milvusferry.transfer.bundle.VolumeLabelFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Volumes of one bundle that are here, read from their labels: the names of directories mean
 * nothing, so volumes may be copied anywhere.
 *
 * @param label of one of them; all agree but for the number
 * @param directories where each volume lies, by number
 * @param index what everybody may know of the whole bundle
 */
record VolumeSet(VolumeLabel label, Map<Integer, Path> directories, PublishedIndex index) {
  VolumeSet {
    directories = Map.copyOf(directories);
  }

  /**
   * Takes volumes together.
   *
   * @param origin whose signature the index in each of them must bear
   * @throws FerryException {@link ErrorCode#VOLUME_FOREIGN} when they are not of one bundle, {@link
   *     ErrorCode#BUNDLE_INCOMPLETE} when one is still being written, {@link
   *     ErrorCode#BUNDLE_INVALID} naming the volume when one contradicts itself
   */
  static VolumeSet of(List<Path> volumes, OriginCheck origin) {
    Map<Integer, Path> directories = new TreeMap<>();
    Optional<VolumeLabel> first = Optional.empty();
    Optional<PublishedIndex> index = Optional.empty();
    for (Path directory : volumes) {
      VolumeLabel label = label(directory);
      PublishedIndex own = index(directory, label, origin);
      VolumeLabel other = first.orElse(label);
      if (!label.belongsWith(other)) {
        throw foreign(directory, label, directories.values().iterator().next(), other);
      }
      directories.putIfAbsent(label.number(), directory);
      first = Optional.of(other);
      index = Optional.of(own);
    }
    return new VolumeSet(first.orElseThrow(), directories, index.orElseThrow());
  }

  private static VolumeLabel label(Path directory) {
    if (!Files.isRegularFile(directory.resolve(VolumeLabel.SUMS))) {
      throw new FerryException(
          ErrorCode.BUNDLE_INCOMPLETE,
          "the volume in %s is not complete yet: it has no %s"
              .formatted(directory, VolumeLabel.SUMS),
          "Wait until ferry ship has ended, or run it again; it resumes.",
          null);
    }
    byte[] label = read(directory.resolve(VolumeLabel.FILE), VolumeLabelFile.MAX_BYTES);
    return VolumeLabelFile.fromBytes(label, directory.toString());
  }

  private static PublishedIndex index(Path directory, VolumeLabel label, OriginCheck origin) {
    byte[] index = read(directory.resolve(BundleIndex.FILE), BundleIndexFile.MAX_BYTES);
    BundleIndexSignature.require(
        origin,
        "volume %d in %s".formatted(label.number(), directory),
        index,
        signature(directory.resolve(BundleIndex.SIGNATURE)));
    Digest actual = Digest.ofContent(index);
    if (!actual.equals(label.indexDigest())) {
      throw invalid(
          directory,
          "%s of volume %d has the digest %s instead of %s"
              .formatted(BundleIndex.FILE, label.number(), actual, label.indexDigest()));
    }
    PublishedIndex read = BundleIndexFile.publishedFromBytes(index);
    if (!label.agreesWith(read)) {
      throw invalid(
          directory,
          "the label of volume %d speaks of %d chunks of %s, its index of %d of %s"
              .formatted(
                  label.number(),
                  label.chunks(),
                  label.archive(),
                  read.size(),
                  read.archive().map(Digest::hex).orElse(read.creationId())));
    }
    return read;
  }

  private static Optional<byte[]> signature(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(in.readNBytes(BundleIndexSignature.MOST_READ));
    } catch (IOException e) {
      throw LocalFailure.of(e, file);
    }
  }

  private static byte[] read(Path file, long most) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new IOException("it is missing");
      }
      long size = Files.size(file);
      if (size > most) {
        throw new IOException("it has %d bytes".formatted(size));
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw LocalFailure.of(e, file);
    }
  }

  private static FerryException invalid(Path directory, String problem) {
    return new FerryException(
        ErrorCode.BUNDLE_INVALID,
        "the volume in %s is not valid: %s".formatted(directory, problem),
        "Write this volume again: run the same ferry ship command as before, with --again and one of"
            + " its chunks added.",
        null);
  }

  private static FerryException foreign(
      Path directory, VolumeLabel label, Path otherDirectory, VolumeLabel other) {
    return new FerryException(
        ErrorCode.VOLUME_FOREIGN,
        ("%s and %s are volumes of different bundles: %s of %s, and %s of %s; the digests of their"
                + " indexes are %s and %s")
            .formatted(
                otherDirectory,
                directory,
                numbered(other),
                other.archive(),
                numbered(label),
                label.archive(),
                other.indexDigest(),
                label.indexDigest()),
        "Name the volumes of one bundle only; volume.json in each says which it belongs to.",
        null);
  }

  private static String numbered(VolumeLabel label) {
    return "volume %d of %d".formatted(label.number(), label.volumes());
  }

  /** Where a volume lies, empty when it is not here. */
  Optional<Path> directory(int volume) {
    return Optional.ofNullable(directories.get(volume));
  }

  /** The volumes that are here, for people. */
  String location() {
    return location(new TreeSet<>(directories.keySet()));
  }

  /** Those of some volumes that are here, for people. */
  String location(SortedSet<Integer> volumes) {
    return String.join(
        ", ",
        volumes.stream()
            .flatMap(volume -> directory(volume).stream())
            .map(directory -> "file:" + directory)
            .toList());
  }

  /**
   * Opens the bundle.
   *
   * @throws FerryException as {@link OpenedBundle#of}
   */
  OpenedBundle open(Identities keys) {
    Path any = Objects.requireNonNull(directories.get(label.number()));
    return OpenedBundle.of(index, any.toString(), keys, name -> beside(any, name));
  }

  private static byte[] beside(Path volume, String name) {
    if (!Files.exists(volume.resolve(name))) {
      throw new FerryException(
          ErrorCode.BUNDLE_INVALID,
          "the volume in %s is not valid: there is a %s, and no %s"
              .formatted(volume, BundleIndex.FILE, name),
          "Copy %s there from another volume of the bundle; it is the same in all of them."
              .formatted(name),
          null);
    }
    return read(volume.resolve(name), EncryptedIndex.MOST_BYTES);
  }

  /** Refuses to go on with an archive that another bundle was begun for. */
  void requireArchive(Digest claimed, Path archive, Digest held) {
    if (!claimed.equals(held)) {
      throw new FerryException(
          ErrorCode.VOLUME_FOREIGN,
          "%s is volume %d of the archive %s, and %s receives the archive %s"
              .formatted(directories.get(label.number()), label.number(), held, archive, claimed),
          "Look for the volumes of the archive that was begun, or receive into a new directory.",
          null);
    }
  }

  /**
   * Refuses to go on where volumes of another bundle of the same archive were received: chunks that
   * were kept of those are none of these.
   *
   * @param begun what the first volume said of itself that was received
   */
  void requireSameSet(VolumeLabel begun, Path archive) {
    if (label.belongsWith(begun)) {
      return;
    }
    boolean splitOtherwise = label.indexDigest().equals(begun.indexDigest());
    throw new FerryException(
        ErrorCode.VOLUME_FOREIGN,
        ("%s is %s of another bundle of the same archive than %s was begun with: "
                + (splitOtherwise
                    ? "the index %s is the same, and it was split otherwise, into %d volumes"
                    : "its index has the digest %s, the other %s"))
            .formatted(
                directories.get(label.number()),
                numbered(label),
                archive,
                label.indexDigest(),
                splitOtherwise ? begun.volumes() : begun.indexDigest()),
        "Receive all volumes of this bundle into a new directory; or look for the volumes that the"
            + " other was begun with: volume.json in each says its indexDigest.",
        null);
  }
}
