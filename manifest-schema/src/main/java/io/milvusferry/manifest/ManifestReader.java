package io.milvusferry.manifest;

import static io.milvusferry.manifest.JsonMembers.list;
import static io.milvusferry.manifest.JsonMembers.parsed;

import com.google.gson.stream.JsonReader;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.JsonMembers.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/**
 * Reads {@code manifest.json}. Keys that it does not know are ignored; everything else that is not
 * as {@code docs/format/archive-v1.md} says is refused, with its place.
 */
public final class ManifestReader {
  /** What a manifest may require and this build understands. */
  private static final Set<String> UNDERSTOOD = Set.of(Manifest.STRUCT_ARRAYS);

  /** Greater manifests are refused: they would have millions of parts. */
  private static final long MAX_BYTES = 1L << 30;

  private static final Member<String> FORMAT = Member.of("format", JsonMembers::string);
  private static final Member<Integer> FORMAT_VERSION =
      Member.of("formatVersion", JsonMembers::int32);
  private static final Member<List<String>> REQUIRES =
      Member.of("requires", list(JsonMembers::string));
  private static final Member<Instant> CREATED_AT = Member.of("createdAt", parsed(Instant::parse));
  private static final Member<String> CREATED_BY = Member.of("createdBy", JsonMembers::string);
  private static final Member<String> CREATION_ID = Member.of("creationId", JsonMembers::string);
  private static final Member<SourceInfo> SOURCE = Member.of("source", ManifestReader::source);
  private static final Member<Consistency> CONSISTENCY =
      Member.of("consistency", ManifestReader::consistency);
  private static final Member<List<DatabaseEntry>> DATABASES =
      Member.of("databases", list(ManifestReader::database));
  private static final Member<List<CollectionEntry>> COLLECTIONS =
      Member.of("collections", list(CollectionEntryReader::read));

  private static final Member<String> VERSION = Member.of("version", JsonMembers::string);
  private static final Member<List<String>> CAPABILITIES =
      Member.of("capabilities", list(JsonMembers::string));
  private static final Member<String> NAME = Member.of("name", JsonMembers::string);
  private static final Member<SortedMap<String, String>> PROPERTIES =
      Member.of("properties", JsonMembers::map);
  private static final Member<ConsistencyMode> MODE =
      Member.of("mode", parsed(text -> CollectionEntryReader.word(ConsistencyMode.class, text)));
  private static final Member<Long> TIMESTAMP = Member.of("timestamp", JsonMembers::int64);
  private static final Member<List<String>> REASONS =
      Member.of("reasons", list(JsonMembers::string));

  private ManifestReader() {}

  /**
   * Reads the manifest of an archive.
   *
   * @throws FerryException see {@link #fromBytes}
   */
  public static Manifest read(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MAX_BYTES) {
      throw invalid("%s has %d bytes, more than any manifest".formatted(file, size), null);
    }
    return fromBytes(Files.readAllBytes(file));
  }

  /**
   * Reads a manifest.
   *
   * @throws FerryException {@link ErrorCode#MANIFEST_TOO_NEW}, {@link ErrorCode#MANIFEST_REQUIRES}
   *     for something that this build does not understand, else {@link ErrorCode#MANIFEST_INVALID}
   */
  public static Manifest fromBytes(byte[] json) {
    checkVersion(document(json, in -> JsonMembers.read(in, FORMAT, FORMAT_VERSION, REQUIRES)));
    Manifest manifest = document(json, ManifestReader::manifest);
    try {
      ManifestInvariants.check(manifest);
    } catch (IllegalArgumentException e) {
      throw invalid(String.valueOf(e.getMessage()), e);
    }
    return manifest;
  }

  private static void checkVersion(JsonMembers header) {
    try {
      if (!header.get(FORMAT).equals(Manifest.FORMAT)) {
        throw invalid(
            "format is '%s', not %s".formatted(header.get(FORMAT), Manifest.FORMAT), null);
      }
      int version = header.get(FORMAT_VERSION);
      if (version > FormatVersion.CURRENT) {
        throw new FerryException(
            ErrorCode.MANIFEST_TOO_NEW,
            "manifest has format version %d but this build reads up to %d"
                .formatted(version, FormatVersion.CURRENT),
            "Use the release that wrote the archive, or a later one.",
            null);
      }
      if (version < 1) {
        throw invalid("formatVersion is " + version, null);
      }
      for (String needed : header.get(REQUIRES)) {
        if (!UNDERSTOOD.contains(needed)) {
          throw new FerryException(
              ErrorCode.MANIFEST_REQUIRES,
              "the archive requires '%s', which this build does not understand".formatted(needed),
              "Use the release that wrote the archive, or a later one.",
              null);
        }
      }
    } catch (MalformedManifestException e) {
      throw invalid(String.valueOf(e.getMessage()), e);
    }
  }

  private static <T> T document(byte[] json, JsonMembers.Value<T> value) {
    try {
      return JsonMembers.document(json, value);
    } catch (MalformedManifestException e) {
      throw invalid(String.valueOf(e.getMessage()), e);
    }
  }

  private static Manifest manifest(JsonReader in) throws IOException {
    JsonMembers it =
        JsonMembers.read(
            in,
            FORMAT_VERSION,
            REQUIRES,
            CREATED_AT,
            CREATED_BY,
            CREATION_ID,
            SOURCE,
            CONSISTENCY,
            DATABASES,
            COLLECTIONS);
    return it.make(
        () ->
            new Manifest(
                it.get(FORMAT_VERSION),
                it.get(REQUIRES),
                it.get(CREATED_AT),
                it.get(CREATED_BY),
                it.get(CREATION_ID),
                it.get(SOURCE),
                it.get(CONSISTENCY),
                it.get(DATABASES),
                it.get(COLLECTIONS)));
  }

  private static SourceInfo source(JsonReader in) throws IOException {
    JsonMembers it = JsonMembers.read(in, VERSION, CAPABILITIES);
    return new SourceInfo(it.get(VERSION), it.get(CAPABILITIES));
  }

  private static DatabaseEntry database(JsonReader in) throws IOException {
    JsonMembers it = JsonMembers.read(in, NAME, PROPERTIES);
    return new DatabaseEntry(it.get(NAME), it.get(PROPERTIES));
  }

  static Consistency consistency(JsonReader in) throws IOException {
    JsonMembers it = JsonMembers.read(in, MODE, TIMESTAMP, REASONS);
    return new Consistency(it.get(MODE), it.get(TIMESTAMP), it.get(REASONS));
  }

  private static FerryException invalid(
      String problem, @org.jspecify.annotations.Nullable Throwable cause) {
    return new FerryException(
        ErrorCode.MANIFEST_INVALID,
        "manifest is not valid: " + problem,
        "Fetch the archive again, or run ferry verify to see what else is wrong with it.",
        cause);
  }
}
