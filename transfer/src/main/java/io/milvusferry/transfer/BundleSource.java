package io.milvusferry.transfer;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.transfer.age.Identities;
import io.milvusferry.transfer.bundle.BundleIndex;
import io.milvusferry.transfer.bundle.ChunkEntry;
import io.milvusferry.transfer.remote.RemoteStore;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Where the files of a bundle lie that is to be received. */
sealed interface BundleSource {
  /** Where the bundle is, for people. */
  String location();

  /** Where the places are that hold these chunks, for people. */
  String locationOf(List<Integer> chunks);

  /** Whether it is an encrypted bundle on volumes. */
  boolean encryptedVolumes();

  /** The bundle's index, and what opens its chunks. */
  OpenedBundle opened();

  /** All that the bundle consists of. */
  default BundleIndex index() {
    return opened().index();
  }

  /** The path of a chunk in the store, empty when its volume is not here. */
  Optional<String> path(ChunkEntry chunk);

  /** Where a chunk lies, as an addition to a sentence about it; empty where that needs no words. */
  String placeOf(ChunkEntry chunk);

  /** Whether the source may be gone in the next run, so that all that is good is kept. */
  boolean passing();

  /** A bundle in one directory. */
  record Whole(String location, RemoteBundle bundle, OpenedBundle opened) implements BundleSource {
    /**
     * Opens the bundle.
     *
     * @throws FerryException as {@link OpenedBundle#of}
     */
    static Whole of(RemoteStore store, RemoteBundle bundle, Identities keys) {
      String location =
          bundle.directory().isEmpty()
              ? store.location()
              : store.location() + "/" + bundle.directory();
      OpenedBundle opened =
          OpenedBundle.of(
              bundle.index().orElseThrow(),
              location,
              keys,
              name -> {
                requirePresent(store, bundle.path(name), location);
                return RemoteBundle.readIndex(store, bundle.path(name));
              });
      return new Whole(location, bundle, opened);
    }

    /** What belongs to an index was there before it. */
    private static void requirePresent(RemoteStore store, String path, String location) {
      if (store.size(path).isEmpty()) {
        throw new FerryException(
            ErrorCode.BUNDLE_INVALID,
            "the bundle in %s is not valid: there is a %s, and no %s"
                .formatted(location, BundleIndex.FILE, path.substring(path.lastIndexOf('/') + 1)),
            "Copy the missing file too; or ship the archive again.",
            null);
      }
    }

    @Override
    public String locationOf(List<Integer> chunks) {
      return location;
    }

    @Override
    public boolean encryptedVolumes() {
      return false;
    }

    @Override
    public Optional<String> path(ChunkEntry chunk) {
      return Optional.of(bundle.path(chunk.fileName()));
    }

    @Override
    public String placeOf(ChunkEntry chunk) {
      return "";
    }

    @Override
    public boolean passing() {
      return false;
    }
  }

  /** Volumes of a bundle, all or some of them. */
  record OnVolumes(VolumeSet volumes, OpenedBundle opened) implements BundleSource {
    @Override
    public String location() {
      return volumes.location();
    }

    @Override
    public String locationOf(List<Integer> chunks) {
      return volumes.location(
          chunks.stream()
              .map(volumes.label()::volumeOf)
              .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Override
    public boolean encryptedVolumes() {
      return !opened.keys().isEmpty();
    }

    @Override
    public Optional<String> path(ChunkEntry chunk) {
      return volumes
          .directory(volumes.label().volumeOf(chunk.index()))
          .map(directory -> directory.resolve(chunk.fileName()).toString());
    }

    @Override
    public String placeOf(ChunkEntry chunk) {
      int volume = volumes.label().volumeOf(chunk.index());
      return " (volume %d of %d%s)"
          .formatted(
              volume,
              volumes.label().volumes(),
              volumes.directory(volume).map(directory -> ", " + directory).orElse(""));
    }

    @Override
    public boolean passing() {
      return true;
    }
  }
}
