package io.milvusferry.manifest;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The members of one JSON object that a reader asked for. Others are skipped. */
final class JsonMembers {
  /** Reads one value. */
  @FunctionalInterface
  interface Value<T> {
    T read(JsonReader in) throws IOException;
  }

  /**
   * A member of an object.
   *
   * @param value reads the member's value
   */
  record Member<T>(String name, Value<T> value) {
    static <T> Member<T> of(String name, Value<T> value) {
      return new Member<>(name, value);
    }
  }

  private final String path;
  private final Map<String, Object> values;

  private JsonMembers(String path, Map<String, Object> values) {
    this.path = path;
    this.values = values;
  }

  /**
   * Reads a document that is one value and nothing more.
   *
   * @throws MalformedManifestException naming the place where it is not what is wanted
   */
  static <T> T document(byte[] json, Value<T> value) {
    JsonReader in =
        new JsonReader(
            new InputStreamReader(
                new ByteArrayInputStream(json), StandardCharsets.UTF_8.newDecoder()));
    in.setStrictness(Strictness.STRICT);
    try (in) {
      T read = value.read(in);
      if (in.peek() != JsonToken.END_DOCUMENT) {
        throw new MalformedManifestException(in.getPath(), "is followed by something");
      }
      return read;
    } catch (IOException | IllegalStateException | NumberFormatException e) {
      MalformedManifestException malformed =
          new MalformedManifestException(in.getPath(), "cannot be read: " + e.getMessage());
      malformed.initCause(e);
      throw malformed;
    }
  }

  /** Reads an object, with these members of it. */
  static JsonMembers read(JsonReader in, Member<?>... members) throws IOException {
    String path = in.getPath();
    Map<String, Object> values = new HashMap<>();
    in.beginObject();
    while (in.hasNext()) {
      String name = in.nextName();
      Member<?> wanted = find(name, members);
      if (wanted == null) {
        in.skipValue();
      } else if (values.put(name, wanted.value().read(in)) != null) {
        throw new MalformedManifestException(path, "has the member " + name + " twice");
      }
    }
    in.endObject();
    return new JsonMembers(path, values);
  }

  private static @Nullable Member<?> find(String name, Member<?>... members) {
    for (Member<?> member : members) {
      if (member.name().equals(name)) {
        return member;
      }
    }
    return null;
  }

  /** The value of a member that must be there. */
  <T> T get(Member<T> member) {
    T value = find(member);
    if (value == null) {
      throw new MalformedManifestException(path, "lacks the member " + member.name());
    }
    return value;
  }

  /** The value of a member, null if it is not there. */
  @SuppressWarnings("unchecked") // the member itself read the value
  <T> @Nullable T find(Member<T> member) {
    return (T) values.get(member.name());
  }

  /** What the members make; a refusal names the place of the object. */
  <T> T make(Supplier<T> maker) {
    try {
      return maker.get();
    } catch (IllegalArgumentException e) {
      throw new MalformedManifestException(path, "is wrong: " + e.getMessage());
    }
  }

  static String string(JsonReader in) throws IOException {
    require(in, JsonToken.STRING);
    return in.nextString();
  }

  static boolean bool(JsonReader in) throws IOException {
    require(in, JsonToken.BOOLEAN);
    return in.nextBoolean();
  }

  /** A whole number of 32 bits, not negative. */
  static int int32(JsonReader in) throws IOException {
    require(in, JsonToken.NUMBER);
    String path = in.getPath();
    String text = in.nextString();
    try {
      if (text.matches("0|[1-9][0-9]*")) {
        return Integer.parseInt(text);
      }
    } catch (NumberFormatException tooLarge) {
      throw new MalformedManifestException(path, "is out of range: " + text);
    }
    throw new MalformedManifestException(path, "is not a whole number: " + text);
  }

  /** A whole number of 64 bits, as a string. */
  static long int64(JsonReader in) throws IOException {
    require(in, JsonToken.STRING);
    String path = in.getPath();
    String text = in.nextString();
    try {
      if (text.matches("0|-?[1-9][0-9]*")) {
        return Long.parseLong(text);
      }
    } catch (NumberFormatException tooLarge) {
      throw new MalformedManifestException(path, "is out of range: " + text);
    }
    throw new MalformedManifestException(path, "is not a whole number: " + text);
  }

  /** A value that some other type makes of a string. */
  static <T> Value<T> parsed(java.util.function.Function<String, T> parser) {
    return in -> {
      String path = in.getPath();
      String text = string(in);
      try {
        return parser.apply(text);
      } catch (IllegalArgumentException | java.time.DateTimeException e) {
        throw new MalformedManifestException(path, "is wrong: '" + text + "'");
      }
    };
  }

  static <T> Value<List<T>> list(Value<T> element) {
    return in -> {
      List<T> elements = new ArrayList<>();
      in.beginArray();
      while (in.hasNext()) {
        elements.add(element.read(in));
      }
      in.endArray();
      return elements;
    };
  }

  static SortedMap<String, String> map(JsonReader in) throws IOException {
    TreeMap<String, String> entries = new TreeMap<>();
    String path = in.getPath();
    in.beginObject();
    while (in.hasNext()) {
      String name = in.nextName();
      if (entries.put(name, string(in)) != null) {
        throw new MalformedManifestException(path, "has the member " + name + " twice");
      }
    }
    in.endObject();
    return entries;
  }

  private static void require(JsonReader in, JsonToken token) throws IOException {
    if (in.peek() != token) {
      throw new MalformedManifestException(
          in.getPath(), "is a %s where a %s belongs".formatted(in.peek(), token));
    }
  }
}
