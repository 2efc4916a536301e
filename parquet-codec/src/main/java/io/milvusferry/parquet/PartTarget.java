package io.milvusferry.parquet;

import io.milvusferry.error.LocalFailure;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the parts of one partition go.
 *
 * @param directory folder of the collection below {@code data/}
 * @param partition number of the partition
 * @param header what every part says of itself
 */
public record PartTarget(ArchiveLayout layout, String directory, int partition, PartHeader header) {
  /** Makes the directories of the parts, and forces them to disk. */
  void makeDirectories() {
    Path collection = layout.data().resolve(directory);
    try {
      Files.createDirectories(
          layout.resolve(ArchiveLayout.partPath(directory, partition, 0)).resolveSibling("."));
      AtomicFile.forceDirectory(collection);
      AtomicFile.forceDirectory(layout.data());
    } catch (IOException e) {
      throw LocalFailure.of(e, collection);
    }
  }
}
