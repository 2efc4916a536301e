package io.milvusferry.transfer.bundle;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads and writes {@code bundle.json}; see {@code docs/format/bundle-v1.md}. */
public final class BundleIndexFile {
  /** An index is never larger. */
  public static final long MAX_BYTES = 128L << 20;

  private static final int MOST_STRINGS = 64;

  private BundleIndexFile() {}

  /** The text of an index; the same index gives the same bytes. */
  public static byte[] toBytes(PublishedIndex index) {
    return BundleIndexText.of(index);
  }

  /**
   * Reads an index.
   *
   * @throws FerryException {@link ErrorCode#BUNDLE_TOO_NEW}, {@link ErrorCode#BUNDLE_REQUIRES} for
   *     something that this build does not understand, else {@link ErrorCode#BUNDLE_INVALID}
   */
  public static PublishedIndex publishedFromBytes(byte[] json) {
    if (json.length > MAX_BYTES) {
      throw invalid("it has %d bytes".formatted(json.length), null);
    }
    Draft header = parse(json, Optional.empty());
    requireReadable(header);
    try {
      return header.requires.isEmpty() ? whole(json) : encrypted(json);
    } catch (IllegalArgumentException e) {
      throw invalid(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Reads an index that tells all.
   *
   * @throws FerryException as {@link #publishedFromBytes}, and {@link ErrorCode#BUNDLE_INVALID} for
   *     one that stands outside of an encrypted one
   */
  public static BundleIndex fromBytes(byte[] json) {
    if (publishedFromBytes(json) instanceof BundleIndex index) {
      return index;
    }
    throw invalid("it does not tell what the chunks are made of", null);
  }

  private static BundleIndex whole(byte[] json) {
    List<ChunkEntry> chunks = new ArrayList<>();
    Draft draft =
        parse(
            json,
            Optional.of(
                chunk ->
                    chunks.add(
                        new ChunkEntry(
                            index(chunk),
                            number(chunk, "rawBytes"),
                            number(chunk, "wireBytes"),
                            new Digest(text(chunk, "rawDigest")),
                            new Digest(text(chunk, "wireDigest")),
                            text(chunk, "codec")))));
    return new BundleIndex(
        BundleIndex.CURRENT,
        new Digest(text(draft.text, "archiveId")),
        text(draft.text, "creationId"),
        chunks);
  }

  private static EncryptedIndex encrypted(byte[] json) {
    List<EncryptedIndex.WireEntry> chunks = new ArrayList<>();
    Draft draft =
        parse(
            json,
            Optional.of(
                chunk ->
                    chunks.add(
                        new EncryptedIndex.WireEntry(
                            index(chunk),
                            number(chunk, "wireBytes"),
                            new Digest(text(chunk, "wireDigest"))))));
    return new EncryptedIndex(
        text(draft.text, "creationId"),
        number(draft.text, "indexBytes"),
        new Digest(text(draft.text, "indexDigest")),
        chunks);
  }

  private static final class Draft {
    final Map<String, String> text = new HashMap<>();
    final List<String> requires = new ArrayList<>();
  }

  private static void requireReadable(Draft header) {
    try {
      String format = text(header.text, "format");
      if (!format.equals(BundleIndex.FORMAT)) {
        throw invalid("format is '%s', not %s".formatted(format, BundleIndex.FORMAT), null);
      }
      long version = number(header.text, "formatVersion");
      if (version > BundleIndex.CURRENT) {
        throw new FerryException(
            ErrorCode.BUNDLE_TOO_NEW,
            "the bundle has format version %d but this build reads up to %d"
                .formatted(version, BundleIndex.CURRENT),
            "Receive with the release that shipped it, or a later one.",
            null);
      }
      if (version < 1) {
        throw invalid("formatVersion is " + version, null);
      }
    } catch (IllegalArgumentException e) {
      throw invalid(String.valueOf(e.getMessage()), e);
    }
    for (String required : header.requires) {
      if (!required.equals(EncryptedIndex.REQUIRED)) {
        throw new FerryException(
            ErrorCode.BUNDLE_REQUIRES,
            "the bundle requires '%s', which this build does not understand".formatted(required),
            "Receive with the release that shipped it, or a later one.",
            null);
      }
    }
  }

  /**
   * Reads the text.
   *
   * @param chunks takes what is said of each chunk; empty to pass over them
   */
  private static Draft parse(byte[] json, Optional<Consumer<Map<String, String>>> chunks) {
    Draft draft = new Draft();
    JsonReader in =
        new JsonReader(
            new InputStreamReader(
                new ByteArrayInputStream(json), StandardCharsets.UTF_8.newDecoder()));
    in.setStrictness(Strictness.STRICT);
    try (in) {
      in.beginObject();
      Set<String> seen = new HashSet<>();
      while (in.hasNext()) {
        String name = in.nextName();
        if (!seen.add(name)) {
          throw new IllegalArgumentException("the key %s is there twice".formatted(name));
        }
        switch (name) {
          case "format", "formatVersion", "archiveId", "creationId", "indexBytes", "indexDigest" ->
              draft.text.put(name, in.nextString());
          case "requires" -> strings(in, draft.requires);
          case "chunks" -> {
            if (chunks.isEmpty()) {
              in.skipValue();
            } else {
              chunks(in, chunks.get());
            }
          }
          default -> in.skipValue();
        }
      }
      in.endObject();
      if (in.peek() != JsonToken.END_DOCUMENT) {
        throw new IllegalArgumentException("something follows the index");
      }
      return draft;
    } catch (IOException | IllegalStateException | IllegalArgumentException e) {
      throw invalid(String.valueOf(e.getMessage()), e);
    }
  }

  private static void strings(JsonReader in, List<String> to) throws IOException {
    in.beginArray();
    while (in.hasNext()) {
      if (to.size() == MOST_STRINGS) {
        throw new IllegalArgumentException("it requires more than %d things".formatted(to.size()));
      }
      to.add(in.nextString());
    }
    in.endArray();
  }

  private static void chunks(JsonReader in, Consumer<Map<String, String>> to) throws IOException {
    in.beginArray();
    for (int count = 0; in.hasNext(); count++) {
      if (count == ChunkEntry.MOST_CHUNKS) {
        throw new IllegalArgumentException("it has more than %d chunks".formatted(count));
      }
      Map<String, String> chunk = new HashMap<>();
      in.beginObject();
      while (in.hasNext()) {
        String name = in.nextName();
        switch (name) {
          case "index", "rawBytes", "wireBytes", "rawDigest", "wireDigest", "codec" -> {
            if (chunk.put(name, in.nextString()) != null) {
              throw new IllegalArgumentException("the key %s is there twice".formatted(name));
            }
          }
          default -> in.skipValue();
        }
      }
      in.endObject();
      to.accept(chunk);
    }
    in.endArray();
  }

  private static int index(Map<String, String> chunk) {
    long index = number(chunk, "index");
    if (index >= ChunkEntry.MOST_CHUNKS) {
      throw new IllegalArgumentException("chunk %d is out of range".formatted(index));
    }
    return (int) index;
  }

  private static String text(Map<String, String> from, String key) {
    String value = from.get(key);
    if (value == null) {
      throw new IllegalArgumentException("the key %s is missing".formatted(key));
    }
    return value;
  }

  private static long number(Map<String, String> from, String key) {
    String value = text(from, key);
    if (!value.matches("[0-9]{1,18}")) {
      throw new IllegalArgumentException("%s is '%s'".formatted(key, value));
    }
    return Long.parseLong(value);
  }

  private static FerryException invalid(String problem, @Nullable Throwable cause) {
    return new FerryException(
        ErrorCode.BUNDLE_INVALID,
        "the bundle's index is not valid: " + problem,
        "Ship the archive again.",
        cause);
  }
}
