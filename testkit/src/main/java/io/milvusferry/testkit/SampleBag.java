package io.milvusferry.testkit;

import io.milvusferry.digest.Digest;
import io.milvusferry.digest.Fingerprint;
import io.milvusferry.digest.FingerprintSum;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.AtomicFile;
import io.milvusferry.manifest.BagWriter;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.Consistency;
import io.milvusferry.manifest.ConsistencyMode;
import io.milvusferry.manifest.DatabaseEntry;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.Lane;
import io.milvusferry.manifest.LoadState;
import io.milvusferry.manifest.Manifest;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.manifest.PartitionEntry;
import io.milvusferry.manifest.SourceInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A sealed archive whose parts hold bytes from a seed instead of Parquet: for those who move
 * archives and never look into parts.
 */
public final class SampleBag {
  private static final String DIRECTORY = "0001-sample";
  private static final int BLOCK = 1 << 16;

  private SampleBag() {}

  /**
   * Makes an archive.
   *
   * @param root new or empty
   * @param seed the same seed and sizes give the same archive
   * @param partBytes size of each part; every second part shrinks when it is compressed
   * @return the archive id
   */
  public static Digest write(Path root, long seed, long... partBytes) throws IOException {
    return write(root, seed, seed, true, partBytes);
  }

  /** The same parts, in an archive that was made at another time. */
  public static Digest writeAgain(Path root, long creation, long seed, long... partBytes)
      throws IOException {
    return write(root, creation, seed, true, partBytes);
  }

  /** As the other, with parts of which none shrinks. */
  public static Digest writeRandom(Path root, long seed, long... partBytes) throws IOException {
    return write(root, seed, seed, false, partBytes);
  }

  private static Digest write(
      Path root, long creation, long seed, boolean shrinking, long... partBytes)
      throws IOException {
    ArchiveLayout layout = new ArchiveLayout(root);
    Files.createDirectories(root);
    List<PartEntry> parts = new ArrayList<>();
    FingerprintSum sum = new FingerprintSum();
    for (int i = 0; i < partBytes.length; i++) {
      String path = ArchiveLayout.partPath(DIRECTORY, 0, i);
      Path file = layout.resolve(path);
      Files.createDirectories(AtomicFile.partial(file).getParent());
      fill(AtomicFile.partial(file), new Random(seed + i), partBytes[i], shrinking && i % 2 == 1);
      AtomicFile.publish(file);
      String name = "row " + seed + " " + i;
      Fingerprint one =
          new Fingerprint(1, Digest.ofContent(name.getBytes(StandardCharsets.UTF_8)).hex());
      sum.add(one);
      String key = Integer.toString(i);
      parts.add(
          new PartEntry(
              path, 0, 1, partBytes[i], Digest.ofFile(file), key, key, one, Lane.BULK, "2.3.5"));
    }
    return new BagWriter(layout).seal(manifest(creation, parts, sum.value()), Map.of());
  }

  private static void fill(Path file, Random random, long bytes, boolean shrinking)
      throws IOException {
    byte[] block = new byte[BLOCK];
    try (var out = Files.newOutputStream(file)) {
      for (long left = bytes; left > 0; left -= Math.min(left, BLOCK)) {
        random.nextBytes(block);
        if (shrinking) {
          java.util.Arrays.fill(block, BLOCK / 4, BLOCK, (byte) 7);
        }
        out.write(block, 0, (int) Math.min(left, BLOCK));
      }
    }
  }

  private static Manifest manifest(long creation, List<PartEntry> parts, Fingerprint total) {
    Consistency consistency = new Consistency(ConsistencyMode.QUIET, 0, List.of());
    CollectionSchema schema =
        new CollectionSchema(
            false,
            List.of(
                new FieldSpec(
                    100,
                    "id",
                    FieldType.INT64,
                    null,
                    true,
                    false,
                    false,
                    false,
                    false,
                    null,
                    new TreeMap<>(),
                    "",
                    false)));
    CollectionDescription description =
        new CollectionDescription(
            new CollectionName("default", "sample"),
            "",
            schema,
            List.of(),
            List.of("_default"),
            0,
            List.of(),
            new TreeMap<>(),
            1,
            "Bounded",
            LoadState.NOT_LOADED,
            1,
            List.of());
    CollectionEntry collection =
        new CollectionEntry(
            1,
            DIRECTORY,
            description,
            consistency,
            List.of(new PartitionEntry(0, "_default", total)),
            parts.size(),
            List.of(),
            total,
            parts);
    return new Manifest(
        1,
        List.of(),
        Instant.ofEpochSecond(1_700_000_000L),
        "milvus-ferry test",
        "bag%013d".formatted(creation),
        new SourceInfo("2.3.5", List.of()),
        consistency,
        List.of(new DatabaseEntry("default", new TreeMap<>())),
        List.of(collection));
  }
}
