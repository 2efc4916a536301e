package io.milvusferry.transfer;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.transfer.bundle.BundleIndex;
import io.milvusferry.transfer.remote.RemoteFile;
import io.milvusferry.transfer.remote.RemoteStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the bundle that is meant: in the directory that was named, or the only one below it. */
final class BundleSearch {
  private BundleSearch() {}

  /**
   * @throws FerryException {@link ErrorCode#BUNDLE_INCOMPLETE} when its index is not published yet,
   *     {@link ErrorCode#BUNDLE_NOT_FOUND} when there is none, {@link ErrorCode#USAGE} when there
   *     are several
   */
  static RemoteBundle find(RemoteStore store) {
    List<RemoteFile> here = store.list("");
    if (here.stream().anyMatch(file -> file.name().equals(BundleIndex.FILE))) {
      return read(store, "");
    }
    requireComplete(here, store.location());
    List<String> bundles =
        here.stream()
            .filter(RemoteFile::directory)
            .map(RemoteFile::name)
            .filter(name -> store.size(name + "/" + BundleIndex.FILE).isPresent())
            .sorted()
            .toList();
    if (bundles.size() > 1) {
      throw new FerryException(
          ErrorCode.USAGE,
          "%s holds %d bundles: %s"
              .formatted(store.location(), bundles.size(), String.join(", ", bundles)),
          "Name the directory of the one that is meant.",
          null);
    }
    if (bundles.size() == 1) {
      return read(store, bundles.get(0));
    }
    for (RemoteFile directory : here) {
      if (directory.directory()) {
        requireComplete(store.list(directory.name()), store.location() + "/" + directory.name());
      }
    }
    throw new FerryException(
        ErrorCode.BUNDLE_NOT_FOUND,
        "there is no bundle in " + store.location(),
        "Check the path; ferry ship prints it at its end.",
        null);
  }

  private static RemoteBundle read(RemoteStore store, String directory) {
    RemoteBundle there = new RemoteBundle(directory, Map.of(), Optional.empty());
    BundleIndex index = RemoteBundle.readIndex(store, there.path(BundleIndex.FILE));
    return new RemoteBundle(directory, Map.of(), Optional.of(index));
  }

  private static void requireComplete(List<RemoteFile> files, String place) {
    if (files.stream().anyMatch(file -> file.name().startsWith("chunk-"))) {
      throw new FerryException(
          ErrorCode.BUNDLE_INCOMPLETE,
          "the bundle in %s is not complete yet: it has chunks, and no %s"
              .formatted(place, BundleIndex.FILE),
          "Wait until ferry ship has ended, or run it again; it resumes.",
          null);
    }
  }
}
