package io.milvusferry.manifest;

import static io.milvusferry.manifest.JsonMembers.list;
import static io.milvusferry.manifest.JsonMembers.parsed;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import io.milvusferry.manifest.JsonMembers.Member;
import io.milvusferry.parity.SampledSearch;
import io.milvusferry.parity.SampledSearch.Query;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** The file in which an archive carries the sampled searches of one collection. */
public final class SampledSearches {
  private static final Member<String> FIELD = Member.of("field", JsonMembers::string);
  private static final Member<String> METRIC = Member.of("metric", JsonMembers::string);
  private static final Member<String> INDEX = Member.of("index", JsonMembers::string);
  private static final Member<Integer> LIMIT = Member.of("limit", JsonMembers::int32);
  private static final Member<List<Query>> QUERIES =
      Member.of("queries", list(SampledSearches::query));
  private static final Member<String> KEY = Member.of("key", JsonMembers::string);
  private static final Member<byte[]> VALUE =
      Member.of("value", parsed(Base64.getDecoder()::decode));
  private static final Member<List<String>> EXACT = Member.of("exact", list(JsonMembers::string));
  private static final Member<List<String>> ANSWERED =
      Member.of("answered", list(JsonMembers::string));

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
    try {
      return JsonMembers.document(content, list(SampledSearches::search));
    } catch (MalformedManifestException e) {
      throw new IOException("sampled searches cannot be read: " + e.getMessage(), e);
    }
  }

  private static SampledSearch search(JsonReader in) throws IOException {
    JsonMembers it = JsonMembers.read(in, FIELD, METRIC, INDEX, LIMIT, QUERIES);
    return it.make(
        () ->
            new SampledSearch(
                it.get(FIELD), it.get(METRIC), it.get(INDEX), it.get(LIMIT), it.get(QUERIES)));
  }

  private static Query query(JsonReader in) throws IOException {
    JsonMembers it = JsonMembers.read(in, KEY, VALUE, EXACT, ANSWERED);
    return it.make(() -> new Query(it.get(KEY), it.get(VALUE), it.get(EXACT), it.get(ANSWERED)));
  }
}
