package io.milvusferry.manifest;

import io.milvusferry.digest.Digest;
import io.milvusferry.digest.Fingerprint;
import io.milvusferry.digest.FingerprintSum;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A tiny archive with two collections and three parts. The parts hold a few bytes that are no
 * Parquet, which nothing in this module looks into.
 */
public final class SampleArchive {
  private static final String PRODUCTS = "0001-products";
  private static final String EMPTY = "0002-nothing";

  private static final List<byte[]> CONTENTS =
      List.of(utf8("first part"), utf8("second"), utf8("a part of another partition"));

  private SampleArchive() {}

  /** The manifest; every optional key is there, and every kind of value. */
  public static Manifest manifest() {
    List<PartEntry> parts = new ArrayList<>();
    parts.add(part(0, 0, 0, 3, "-5", "12", Lane.BULK));
    parts.add(part(1, 0, 1, 1, "9007199254740993", "9007199254740993", Lane.INSERT));
    parts.add(part(2, 1, 0, 2, "7", "8", Lane.BULK));
    return new Manifest(
        1,
        List.of(),
        Instant.parse("2026-11-24T16:00:00.250Z"),
        "milvus-ferry 0.1.0 (0123456)",
        "k3v9x0a2b4c6",
        new SourceInfo("v2.3.5", List.of("bulk-import", "partition-key")),
        new Consistency(ConsistencyMode.FUZZY, 0, List.of()),
        List.of(new DatabaseEntry("default", new TreeMap<>(Map.of("database.replica", "1")))),
        List.of(products(parts), nothing()));
  }

  /** Writes the parts and seals them in {@code root}; returns the archive id. */
  public static Digest seal(Path root) throws IOException {
    writeParts(root);
    return new BagWriter(new ArchiveLayout(root)).seal(manifest(), meta());
  }

  /**
   * Seals an archive of one collection and one part, with as few bytes as there can be; returns the
   * archive id.
   */
  public static Digest sealTiny(Path root) throws IOException {
    byte[] content = {1};
    Fingerprint one = new Fingerprint(1, Digest.ofContent(content).hex());
    FieldSpec key = FieldSpec.of("k", FieldType.INT64, Map.of()).asPrimaryKey(false);
    PartEntry part =
        new PartEntry(
            "data/0001-t/p", 0, 1, 1, Digest.ofContent(content), "1", "1", one, Lane.BULK, "");
    CollectionDescription description =
        new CollectionDescription(
            new CollectionName("d", "t"),
            "",
            new CollectionSchema(false, List.of(key)),
            List.of(),
            List.of("p"),
            0,
            List.of(),
            new TreeMap<>(),
            1,
            "",
            LoadState.LOADED,
            1,
            List.of());
    Manifest sample = manifest();
    Manifest tiny =
        new Manifest(
            1,
            List.of(),
            sample.createdAt(),
            "f",
            sample.creationId(),
            new SourceInfo("", List.of()),
            sample.consistency(),
            List.of(),
            List.of(
                new CollectionEntry(
                    1,
                    "0001-t",
                    description,
                    sample.consistency(),
                    List.of(new PartitionEntry(0, "p", one)),
                    1,
                    List.of(),
                    one,
                    List.of(part))));
    ArchiveLayout layout = new ArchiveLayout(root);
    Files.createDirectories(layout.data().resolve("0001-t"));
    Files.write(layout.resolve(part.path()), content);
    new BagWriter(layout).seal(tiny, Map.of());
    // The page for people is long, and like any other file to a verifier: a short one will do.
    Files.writeString(root.resolve(ArchiveLayout.README), "r");
    TreeMap<String, Digest> sealed =
        new TreeMap<>(DigestList.parse(Files.readAllBytes(layout.seal())).digests());
    sealed.put(ArchiveLayout.README, Digest.ofFile(root.resolve(ArchiveLayout.README)));
    byte[] seal = new DigestList(sealed).toBytes();
    Files.write(layout.seal(), seal);
    return Digest.ofContent(seal);
  }

  /** Writes the parts of {@link #manifest()} below {@code root}. */
  public static void writeParts(Path root) throws IOException {
    ArchiveLayout layout = new ArchiveLayout(root);
    List<PartEntry> parts = manifest().collections().get(0).parts();
    for (int i = 0; i < parts.size(); i++) {
      Path file = layout.resolve(parts.get(i).path());
      Files.createDirectories(file.getParent());
      Files.write(file, CONTENTS.get(i));
    }
  }

  /** Files for {@code meta/}. */
  public static Map<String, byte[]> meta() {
    return Map.of(
        ArchiveLayout.rawPath(PRODUCTS, "describe-collection"), new byte[] {10, 0, -1},
        ArchiveLayout.rawPath(EMPTY, "describe-collection"), new byte[] {8});
  }

  private static PartEntry part(
      int content, int partition, int number, long rows, String min, String max, Lane lane) {
    byte[] bytes = CONTENTS.get(content);
    return new PartEntry(
        ArchiveLayout.partPath(PRODUCTS, partition, number),
        partition,
        rows,
        bytes.length,
        Digest.ofContent(bytes),
        min,
        max,
        new Fingerprint(rows, Digest.ofContent(bytes).hex()),
        lane,
        "2.3.4");
  }

  private static CollectionEntry products(List<PartEntry> parts) {
    FieldSpec key = FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(true);
    FieldSpec name =
        new FieldSpec(
            101,
            "name",
            FieldType.VARCHAR,
            null,
            false,
            false,
            false,
            false,
            true,
            "none \"yet\" \u00fc\u4e2d\ud83d\ude00",
            new TreeMap<>(Map.of("max_length", "64")),
            "what it is called",
            false);
    FieldSpec tags =
        FieldSpec.arrayOf(
            "tags", FieldType.VARCHAR, Map.of("max_capacity", "4", "max_length", "8"));
    FieldSpec vector = FieldSpec.of("vector", FieldType.FLOAT_VECTOR, Map.of("dim", "4"));
    return new CollectionEntry(
        1,
        PRODUCTS,
        new CollectionDescription(
            new CollectionName("default", "products"),
            "things to sell",
            new CollectionSchema(true, List.of(key, name, tags, vector)),
            List.of(
                new IndexSpec(
                    "vector", "by_vector", "HNSW", "L2", new TreeMap<>(Map.of("M", "16")))),
            List.of("_default", "sold out"),
            0,
            List.of("goods", "wares"),
            new TreeMap<>(Map.of("collection.ttl.seconds", "3600")),
            2,
            "Bounded",
            LoadState.LOADED,
            1,
            List.of("__default_resource_group")),
        new Consistency(
            ConsistencyMode.FUZZY, 459_823_723_512_365_056L, List.of("segments changed")),
        List.of(partition(0, "_default", parts), partition(1, "sold out", parts)),
        6,
        List.of("7"),
        sum(parts),
        parts);
  }

  private static CollectionEntry nothing() {
    FieldSpec key =
        FieldSpec.of("key", FieldType.VARCHAR, Map.of("max_length", "16")).asPrimaryKey(false);
    FieldSpec vector = FieldSpec.of("bits", FieldType.BINARY_VECTOR, Map.of("dim", "16"));
    FieldSpec tenant = FieldSpec.of("tenant", FieldType.INT64, Map.of()).asPartitionKey();
    FieldSpec words =
        FieldSpec.of("words", FieldType.SPARSE_FLOAT_VECTOR, Map.of()).asFunctionOutput();
    FunctionSpec weigh =
        new FunctionSpec(
            "weigh",
            "BM25",
            "words by weight",
            List.of("key"),
            List.of("words"),
            new TreeMap<>(Map.of("bm25_k1", "1.2")));
    return new CollectionEntry(
        2,
        EMPTY,
        new CollectionDescription(
            new CollectionName("default", "Nothing"),
            "",
            new CollectionSchema(false, List.of(key, tenant, vector, words), List.of(weigh)),
            List.of(),
            List.of(),
            16,
            List.of(),
            new TreeMap<>(),
            1,
            "Strong",
            LoadState.NOT_LOADED,
            0,
            List.of()),
        new Consistency(ConsistencyMode.QUIET, 0, List.of()),
        List.of(new PartitionEntry(0, "", Fingerprint.EMPTY)),
        0,
        List.of(),
        Fingerprint.EMPTY,
        List.of());
  }

  private static PartitionEntry partition(int number, String name, List<PartEntry> parts) {
    return new PartitionEntry(
        number, name, sum(parts.stream().filter(part -> part.partition() == number).toList()));
  }

  private static Fingerprint sum(List<PartEntry> parts) {
    FingerprintSum sum = new FingerprintSum();
    parts.forEach(part -> sum.add(part.fingerprint()));
    return sum.value();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
