package io.milvusferry.transfer;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.signature.OriginCheck;
import io.milvusferry.transfer.bundle.BundleIndex;
import io.milvusferry.transfer.bundle.BundleIndexFile;
import io.milvusferry.transfer.remote.RemoteFile;
import io.milvusferry.transfer.remote.RemoteStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the bundle that is meant: in the directory that was named, or the only one below it. */
final class BundleSearch {
  private final RemoteStore store;
  private final OriginCheck origin;

  /**
   * @param origin whose signature the index must bear; checked before anything else is made of it
   */
  BundleSearch(RemoteStore store, OriginCheck origin) {
    this.store = store;
    this.origin = origin;
  }

  /**
   * @throws FerryException {@link ErrorCode#BUNDLE_INCOMPLETE} when its index is not published yet,
   *     {@link ErrorCode#BUNDLE_NOT_FOUND} when there is none, {@link ErrorCode#USAGE} when there
   *     are several, or what the check of the signature or {@link
   *     BundleIndexFile#publishedFromBytes} throws
   */
  RemoteBundle find() {
    List<RemoteFile> here = store.list("");
    if (here.stream().anyMatch(file -> file.name().equals(BundleIndex.FILE))) {
      return read("");
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
      return read(bundles.get(0));
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

  private RemoteBundle read(String directory) {
    RemoteBundle there = new RemoteBundle(directory, Map.of(), Optional.empty());
    byte[] content = RemoteBundle.readIndex(store, there.path(BundleIndex.FILE));
    BundleIndexSignature.require(
        origin,
        "the bundle in " + store.location() + (directory.isEmpty() ? "" : "/" + directory),
        content,
        new SmallFiles(store)
            .find(there.path(BundleIndex.SIGNATURE), BundleIndexSignature.MOST_READ));
    return new RemoteBundle(
        directory, Map.of(), Optional.of(BundleIndexFile.publishedFromBytes(content)));
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
