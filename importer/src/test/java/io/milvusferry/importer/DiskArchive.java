package io.milvusferry.importer;

import io.milvusferry.digest.BucketFingerprints;
import io.milvusferry.digest.FingerprintSum;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.BagWriter;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.Consistency;
import io.milvusferry.manifest.ConsistencyMode;
import io.milvusferry.manifest.FormatVersion;
import io.milvusferry.manifest.Manifest;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.manifest.PartitionEntry;
import io.milvusferry.manifest.SourceInfo;
import io.milvusferry.parquet.ParquetCodec;
import io.milvusferry.parquet.PartHeader;
import io.milvusferry.parquet.PartTarget;
import io.milvusferry.parquet.RollingPartWriter;
import io.milvusferry.testkit.SampleRows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes a real archive of sample rows. */
final class DiskArchive {
  private static final int BATCH_ROWS = 5000;

  private final ArchiveLayout layout;
  private final List<CollectionEntry> entries = new ArrayList<>();
  private final Map<String, byte[]> meta = new TreeMap<>();

  DiskArchive(Path root) throws IOException {
    this.layout = new ArchiveLayout(root);
    Files.createDirectories(layout.data());
    Files.createDirectories(layout.meta());
  }

  /** Adds a collection with so many rows in each partition, in parts of about that size. */
  void add(CollectionDescription description, int rowsEach, long partBytes) {
    int number = entries.size() + 1;
    String directory = ArchiveLayout.directoryName(number, description.name().name());
    SampleRows sample = new SampleRows(number);
    List<String> names =
        description.partitions().isEmpty() ? List.of("") : description.partitions();
    List<PartitionEntry> partitions = new ArrayList<>();
    List<PartEntry> parts = new ArrayList<>();
    BucketFingerprints all = new BucketFingerprints();
    long first = 0;
    for (int p = 0; p < names.size(); p++) {
      FingerprintSum sum = new FingerprintSum();
      AtomicInteger numbers = new AtomicInteger();
      PartHeader header =
          new PartHeader(description.name().name(), names.get(p), description.schema().rowFields());
      try (RollingPartWriter writer =
          new RollingPartWriter(
              new ParquetCodec(),
              new PartTarget(layout, directory, p, header),
              partBytes,
              numbers::getAndIncrement,
              (upTo, cut, buckets) -> {
                parts.addAll(cut);
                all.add(buckets);
                sum.add(buckets.total());
              })) {
        for (int done = 0; done < rowsEach; done += BATCH_ROWS) {
          int rows = Math.min(BATCH_ROWS, rowsEach - done);
          writer.write(sample.rows(description.schema(), first, rows));
          first += rows;
        }
        writer.finish();
      }
      partitions.add(new PartitionEntry(p, names.get(p), sum.value()));
    }
    meta.put(
        ArchiveLayout.bucketsPath(directory), all.toText().getBytes(StandardCharsets.US_ASCII));
    entries.add(
        new CollectionEntry(
            number,
            directory,
            description,
            new Consistency(ConsistencyMode.QUIET, 1, List.of()),
            partitions,
            first,
            List.of(),
            all.total(),
            parts));
  }

  /** Writes the seal. */
  void seal() throws IOException {
    Manifest manifest =
        new Manifest(
            FormatVersion.CURRENT,
            List.of(),
            Instant.parse("2026-01-01T00:00:00Z"),
            "test",
            "livetest00",
            new SourceInfo("v2.3.5", List.of()),
            new Consistency(ConsistencyMode.QUIET, 1, List.of()),
            List.of(),
            entries);
    new BagWriter(layout).seal(manifest, meta);
  }

  CollectionEntry entry(int index) {
    return entries.get(index);
  }
}
