package io.milvusferry.transfer.bundle;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and writes {@code volume.json}; see {@code docs/format/bundle-v1.md}. */
public final class VolumeLabelFile {
  /** A label is never larger. */
  public static final long MAX_BYTES = 16L << 20;

  private VolumeLabelFile() {}

  /** The text of a label; the same label gives the same bytes. */
  public static byte[] toBytes(VolumeLabel label) {
    StringWriter text = new StringWriter();
    try (JsonWriter out = new JsonWriter(text)) {
      out.beginObject();
      out.name("format").value(VolumeLabel.FORMAT);
      out.name("formatVersion").value(VolumeLabel.CURRENT);
      out.name("requires").beginArray();
      if (label.archiveId().isEmpty()) {
        out.value(EncryptedIndex.REQUIRED);
      }
      out.endArray();
      if (label.archiveId().isPresent()) {
        out.name("archiveId").value(label.archiveId().get().hex());
      }
      out.name("creationId").value(label.creationId());
      out.name("indexDigest").value(label.indexDigest().hex());
      out.name("volume").value(label.number());
      out.name("volumes").value(label.volumes());
      out.name("chunks").value(label.chunks());
      out.name("firstChunks").beginArray();
      for (int chunk : label.firstChunks()) {
        out.value(chunk);
      }
      out.endArray();
      out.endObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Bytes of a label, at most. */
  public static long mostBytes(int chunks) {
    int longest = 8; // a number of seven digits and a comma
    return 1024 + (long) longest * chunks;
  }

  /**
   * Reads a label.
   *
   * @param place where it lies, for messages
   * @throws FerryException {@link ErrorCode#BUNDLE_TOO_NEW}, {@link ErrorCode#BUNDLE_REQUIRES},
   *     else {@link ErrorCode#BUNDLE_INVALID}
   */
  public static VolumeLabel fromBytes(byte[] json, String place) {
    try {
      Map<String, String> text = new HashMap<>();
      List<Integer> firstChunks = new ArrayList<>();
      List<String> requires = new ArrayList<>();
      parse(json, text, firstChunks, requires);
      requireReadable(text, requires, place);
      VolumeLabel label =
          new VolumeLabel(
              requires.isEmpty()
                  ? Optional.of(new Digest(value(text, "archiveId")))
                  : Optional.empty(),
              value(text, "creationId"),
              new Digest(value(text, "indexDigest")),
              number(text, "volume"),
              firstChunks,
              number(text, "chunks"));
      if (number(text, "volumes") != label.volumes()) {
        throw new IllegalArgumentException(
            "it speaks of %s volumes and lists %d"
                .formatted(value(text, "volumes"), label.volumes()));
      }
      return label;
    } catch (IOException | IllegalStateException | IllegalArgumentException e) {
      throw new FerryException(
          ErrorCode.BUNDLE_INVALID,
          "%s of the volume in %s is not valid: %s"
              .formatted(VolumeLabel.FILE, place, e.getMessage()),
          "Write this volume again: run the same ferry ship command as before, with --again and one"
              + " of its chunks added.",
          e);
    }
  }

  private static void parse(
      byte[] json, Map<String, String> text, List<Integer> firstChunks, List<String> requires)
      throws IOException {
    try (JsonReader in =
        new JsonReader(
            new InputStreamReader(
                new ByteArrayInputStream(json), StandardCharsets.UTF_8.newDecoder()))) {
      in.setStrictness(Strictness.STRICT);
      in.beginObject();
      while (in.hasNext()) {
        String name = in.nextName();
        switch (name) {
          case "firstChunks" -> {
            in.beginArray();
            while (in.hasNext()) {
              if (firstChunks.size() == ChunkEntry.MOST_CHUNKS) {
                throw new IllegalArgumentException("it lists more volumes than there are chunks");
              }
              firstChunks.add(in.nextInt());
            }
            in.endArray();
          }
          case "requires" -> {
            in.beginArray();
            while (in.hasNext()) {
              requires.add(in.nextString());
            }
            in.endArray();
          }
          case "format",
              "formatVersion",
              "archiveId",
              "creationId",
              "indexDigest",
              "volume",
              "volumes",
              "chunks" -> {
            if (text.put(name, in.nextString()) != null) {
              throw new IllegalArgumentException("the key %s is there twice".formatted(name));
            }
          }
          default -> in.skipValue();
        }
      }
      in.endObject();
      if (in.peek() != JsonToken.END_DOCUMENT) {
        throw new IllegalArgumentException("something follows it");
      }
    }
  }

  private static void requireReadable(
      Map<String, String> text, List<String> requires, String place) {
    if (!value(text, "format").equals(VolumeLabel.FORMAT)) {
      throw new IllegalArgumentException(
          "format is '%s', not %s".formatted(value(text, "format"), VolumeLabel.FORMAT));
    }
    int version = number(text, "formatVersion");
    if (version > VolumeLabel.CURRENT) {
      throw new FerryException(
          ErrorCode.BUNDLE_TOO_NEW,
          "the volume in %s has format version %d but this build reads up to %d"
              .formatted(place, version, VolumeLabel.CURRENT),
          "Receive with the release that shipped it, or a later one.",
          null);
    }
    for (String required : requires) {
      if (!required.equals(EncryptedIndex.REQUIRED)) {
        throw new FerryException(
            ErrorCode.BUNDLE_REQUIRES,
            "the volume in %s requires '%s', which this build does not understand"
                .formatted(place, required),
            "Receive with the release that shipped it, or a later one.",
            null);
      }
    }
  }

  private static String value(Map<String, String> text, String key) {
    String value = text.get(key);
    if (value == null) {
      throw new IllegalArgumentException("the key %s is missing".formatted(key));
    }
    return value;
  }

  private static int number(Map<String, String> text, String key) {
    String value = value(text, key);
    if (!value.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException("%s is '%s'".formatted(key, value));
    }
    return Integer.parseInt(value);
  }
}
