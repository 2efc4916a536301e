package io.milvusferry.manifest;

import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Locale;

/**
 * Where everything lies in an archive. Nobody else builds a path inside one.
 *
 * @param root the directory of the archive
 */
public record ArchiveLayout(Path root) {
  /** The bag declaration of RFC 8493. */
  public static final String BAGIT = "bagit.txt";

  public static final String BAG_INFO = "bag-info.txt";
  public static final String PAYLOAD_DIGESTS = "manifest-sha256.txt";
  public static final String MANIFEST = "manifest.json";
  public static final String README = "README.md";

  /** The seal: the archive exists if, and only if, this file does. */
  public static final String SEAL = "tagmanifest-sha256.txt";

  /** A signature of the seal, where somebody signed it. */
  public static final String SIGNATURE = SEAL + ".sig";

  public static final String DATA = "data";
  public static final String META = "meta";

  /** Sampled searches with their results. */
  public static final String QUERIES = "queries";

  /** The export's journal, while the archive is not sealed. */
  public static final String JOURNAL = "ferry.journal";

  /** Held by the process that exports into, or receives into, this directory. */
  public static final String LOCK = "ferry.lock";

  /** Holds what arrived but is not unpacked yet, while an archive is received. */
  public static final String SPOOL = "ferry.spool";

  /** Ends the name of a file that is not complete yet. */
  public static final String PARTIAL = ".partial";

  private static final int SLUG_LENGTH = 40;

  public Path seal() {
    return root.resolve(SEAL);
  }

  public Path signature() {
    return root.resolve(SIGNATURE);
  }

  public Path manifest() {
    return root.resolve(MANIFEST);
  }

  public Path journal() {
    return root.resolve(JOURNAL);
  }

  public Path lock() {
    return root.resolve(LOCK);
  }

  public Path spool() {
    return root.resolve(SPOOL);
  }

  public Path payloadDigests() {
    return root.resolve(PAYLOAD_DIGESTS);
  }

  public Path data() {
    return root.resolve(DATA);
  }

  public Path meta() {
    return root.resolve(META);
  }

  public Path queries() {
    return root.resolve(QUERIES);
  }

  /** The file at a path relative to the root, as the manifest writes it. */
  public Path resolve(String path) {
    requireInside(path);
    return root.resolve(path);
  }

  /** The folder of a collection below {@code data/}: its number and a slug of its name. */
  public static String directoryName(int number, String collection) {
    String ascii =
        Normalizer.normalize(collection, Normalizer.Form.NFKD)
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-+|-+$", "");
    String slug = ascii.length() > SLUG_LENGTH ? ascii.substring(0, SLUG_LENGTH) : ascii;
    return String.format(Locale.ROOT, "%04d-%s", number, slug.isEmpty() ? "collection" : slug);
  }

  /** The path of a part, relative to the root. */
  public static String partPath(String directory, int partition, int part) {
    return String.format(
        Locale.ROOT, "%s/%s/p%04d/part-%05d.parquet", DATA, directory, partition, part);
  }

  /** The path of the bucket fingerprints of a collection, relative to the root. */
  public static String bucketsPath(String directory) {
    return "%s/%s.buckets".formatted(META, directory);
  }

  /** The path of the sampled searches of a collection, relative to the root. */
  public static String queriesPath(String directory) {
    return "%s/%s.json".formatted(QUERIES, directory);
  }

  /** The path of a raw answer of the source about a collection, relative to the root. */
  public static String rawPath(String directory, String call) {
    return "%s/%s.%s.pb".formatted(META, directory, call);
  }

  /**
   * Refuses a path that is absolute, leaves the archive, or means something else on another system.
   */
  static void requireInside(String path) {
    if (path.isEmpty()
        || path.startsWith("/")
        || path.contains("\\")
        || path.indexOf('\0') >= 0
        || path.contains("//")
        || java.util.Arrays.asList(path.split("/", -1)).stream()
            .anyMatch(s -> s.equals("..") || s.equals(".") || s.isEmpty())) {
      throw new IllegalArgumentException("path leaves the archive: " + path);
    }
  }
}
