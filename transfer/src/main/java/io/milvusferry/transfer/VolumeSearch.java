package io.milvusferry.transfer;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.signature.OriginCheck;
import io.milvusferry.transfer.bundle.BundleIndex;
import io.milvusferry.transfer.bundle.VolumeLabel;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the volumes in directories: there, below, or below the directory of a bundle. */
final class VolumeSearch {
  private static final int DEPTH = 2;

  private VolumeSearch() {}

  /**
   * The volumes in the named places; empty when there are none, so that a whole bundle is meant.
   *
   * @throws FerryException {@link ErrorCode#USAGE} when several places are named and one holds no
   *     volume, or what {@link VolumeSet#of} throws
   */
  static Optional<VolumeSet> find(List<Destination> places, OriginCheck origin) {
    Set<Path> volumes = new LinkedHashSet<>();
    Set<Path> whole = new LinkedHashSet<>();
    for (Destination place : places) {
      List<Path> found = place.directory().map(root -> in(root, DEPTH, whole)).orElse(List.of());
      if (found.isEmpty() && places.size() > 1) {
        throw new FerryException(
            ErrorCode.USAGE,
            "there is no volume in %s".formatted(place.uri()),
            "Name directories with volumes of one bundle, or a single bundle.",
            null);
      }
      volumes.addAll(found);
    }
    if (!volumes.isEmpty() && !whole.isEmpty()) {
      throw new FerryException(
          ErrorCode.USAGE,
          "there are several bundles: volumes in %s, and a whole bundle in %s"
              .formatted(volumes.iterator().next(), whole.iterator().next()),
          "Name the directory of the one that is meant.",
          null);
    }
    return volumes.isEmpty()
        ? Optional.empty()
        : Optional.of(VolumeSet.of(List.copyOf(volumes), origin));
  }

  private static List<Path> in(Path directory, int depth, Set<Path> whole) {
    if (Files.isRegularFile(directory.resolve(VolumeLabel.FILE))) {
      return List.of(directory);
    }
    if (Files.exists(directory.resolve(BundleIndex.FILE))) {
      whole.add(directory);
      return List.of();
    }
    if (depth == 0) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    for (Path below : directories(directory)) {
      found.addAll(in(below, depth - 1, whole));
    }
    return found;
  }

  private static List<Path> directories(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    } catch (AccessDeniedException expected) {
      return List.of(); // such as lost+found at the root of a disk
    } catch (IOException e) {
      throw LocalFailure.of(e, directory);
    }
  }
}
