package io.milvusferry.parity;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import io.milvusferry.parity.SampledSearch.Query;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The file in which an archive carries the sampled searches of one collection. */
public final class SampledSearches {
  private SampledSearches() {}

  /** The file's content: JSON; see {@code archive-v1.md}. */
  public static byte[] toBytes(List<SampledSearch> searches) {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.setIndent(" ");
      json.beginArray();
      for (SampledSearch search : searches) {
        json.beginObject();
        json.name("field").value(search.field());
        json.name("metric").value(search.metric());
        json.name("index").value(search.index());
        json.name("limit").value(search.limit());
        json.name("queries").beginArray();
        for (Query query : search.queries()) {
          json.beginObject();
          json.name("key").value(query.key());
          json.name("value").value(Base64.getEncoder().encodeToString(query.value()));
          keys(json, "exact", query.exact());
          keys(json, "answered", query.answered());
          json.endObject();
        }
        json.endArray();
        json.endObject();
      }
      json.endArray();
    } catch (IOException e) {
      throw new IllegalStateException("a string cannot be written to", e);
    }
    return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void keys(JsonWriter json, String name, List<String> keys) throws IOException {
    json.name(name).beginArray();
    for (String key : keys) {
      json.value(key);
    }
    json.endArray();
  }

  /**
   * Reads what {@link #toBytes} wrote; members that are not known are passed over.
   *
   * @throws IOException when it is something else
   */
  public static List<SampledSearch> read(byte[] content) throws IOException {
    List<SampledSearch> searches = new ArrayList<>();
    try (JsonReader json =
        new JsonReader(new StringReader(new String(content, StandardCharsets.UTF_8)))) {
      json.setStrictness(Strictness.STRICT);
      json.beginArray();
      while (json.hasNext()) {
        searches.add(search(json));
      }
      json.endArray();
      if (json.peek() != JsonToken.END_DOCUMENT) {
        throw new IOException("sampled searches are followed by something else");
      }
    } catch (RuntimeException e) {
      throw new IOException("sampled searches cannot be read: " + e.getMessage(), e);
    }
    return searches;
  }

  private static SampledSearch search(JsonReader json) throws IOException {
    Map<String, String> texts = new HashMap<>();
    List<Query> queries = new ArrayList<>();
    json.beginObject();
    while (json.hasNext()) {
      String name = json.nextName();
      switch (name) {
        case "field", "metric", "index", "limit" -> texts.put(name, json.nextString());
        case "queries" -> {
          json.beginArray();
          while (json.hasNext()) {
            queries.add(query(json));
          }
          json.endArray();
        }
        default -> json.skipValue();
      }
    }
    json.endObject();
    return new SampledSearch(
        needed(texts, "field"),
        needed(texts, "metric"),
        needed(texts, "index"),
        Integer.parseInt(needed(texts, "limit")),
        queries);
  }

  private static Query query(JsonReader json) throws IOException {
    Map<String, String> texts = new HashMap<>();
    Map<String, List<String>> lists = new HashMap<>();
    json.beginObject();
    while (json.hasNext()) {
      String name = json.nextName();
      switch (name) {
        case "key", "value" -> texts.put(name, json.nextString());
        case "exact", "answered" -> {
          List<String> keys = new ArrayList<>();
          json.beginArray();
          while (json.hasNext()) {
            keys.add(json.nextString());
          }
          json.endArray();
          lists.put(name, keys);
        }
        default -> json.skipValue();
      }
    }
    json.endObject();
    return new Query(
        needed(texts, "key"),
        Base64.getDecoder().decode(needed(texts, "value")),
        needed(lists, "exact"),
        needed(lists, "answered"));
  }

  private static <T> T needed(Map<String, T> members, String name) {
    T value = members.get(name);
    if (value == null) {
      throw new IllegalStateException("the member " + name + " is missing");
    }
    return value;
  }
}
