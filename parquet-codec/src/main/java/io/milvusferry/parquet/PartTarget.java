package io.milvusferry.parquet;

import io.milvusferry.manifest.ArchiveLayout;

/**
 * Where the parts of one partition go.
 *
 * @param directory folder of the collection below {@code data/}
 * @param partition number of the partition
 * @param header what every part says of itself
 */
public record PartTarget(
    ArchiveLayout layout, String directory, int partition, PartHeader header) {}
