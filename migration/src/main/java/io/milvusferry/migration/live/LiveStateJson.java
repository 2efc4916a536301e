package io.milvusferry.migration.live;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The document {@code live.json}. Numbers of 64 bits are strings. */
final class LiveStateJson {
  /**
   * What the document holds.
   *
   * @param nginx the router of reads, where it is not the gateway itself
   */
  record Content(
      SortedMap<CollectionName, LiveCollection> collections, Optional<NginxSettings> nginx) {
    static Content empty() {
      return new Content(new TreeMap<>(), Optional.empty());
    }
  }

  private static final int VERSION = 1;

  private LiveStateJson() {}

  static byte[] write(Content content) {
    JsonObject root = new JsonObject();
    root.addProperty("liveVersion", VERSION);
    content.nginx().ifPresent(nginx -> root.add("nginx", nginx(nginx)));
    JsonArray collections = new JsonArray();
    content.collections().values().forEach(each -> collections.add(collection(each)));
    root.add("collections", collections);
    return (root + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * @param file where the bytes come from
   * @throws FerryException {@code JOURNAL_DAMAGED} for what was not written by {@link #write}, or
   *     by a later release
   */
  static Content read(byte[] bytes, Path file) {
    try {
      JsonObject root =
          JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8)).getAsJsonObject();
      if (root.get("liveVersion").getAsInt() > VERSION) {
        throw damaged(file, "it was written by a later release", null);
      }
      SortedMap<CollectionName, LiveCollection> collections = new TreeMap<>();
      for (JsonElement element : root.getAsJsonArray("collections")) {
        LiveCollection collection = collection(element.getAsJsonObject());
        collections.put(collection.name(), collection);
      }
      return new Content(
          collections,
          Optional.ofNullable(root.getAsJsonObject("nginx")).map(LiveStateJson::nginx));
    } catch (JsonParseException
        | IllegalStateException
        | IllegalArgumentException
        | DateTimeException
        | ClassCastException
        | NullPointerException e) {
      throw damaged(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static FerryException damaged(
      Path file, String reason, @org.jspecify.annotations.Nullable Exception cause) {
    return new FerryException(
        ErrorCode.JOURNAL_DAMAGED,
        "%s cannot be read: %s".formatted(file, reason),
        "Use the release that wrote it. If the file is lost, ferry live rollback cannot help:"
            + " stop the gateway, and begin with a new state directory.",
        cause);
  }

  private static JsonObject nginx(NginxSettings settings) {
    JsonObject object = new JsonObject();
    object.addProperty("include", settings.include().toString());
    object.addProperty("log", settings.log().toString());
    JsonArray command = new JsonArray();
    settings.command().forEach(command::add);
    object.add("command", command);
    return object;
  }

  private static NginxSettings nginx(JsonObject object) {
    List<String> command = new ArrayList<>();
    object.getAsJsonArray("command").forEach(word -> command.add(word.getAsString()));
    return new NginxSettings(
        Path.of(object.get("include").getAsString()),
        Path.of(object.get("log").getAsString()),
        command);
  }

  private static JsonObject collection(LiveCollection collection) {
    JsonObject object = new JsonObject();
    object.addProperty("database", collection.name().database());
    object.addProperty("name", collection.name().name());
    object.addProperty("done", collection.done().name());
    object.addProperty("targetId", Long.toString(collection.targetId()));
    object.addProperty("readWeight", collection.readWeight());
    object.addProperty("note", collection.note());
    object.addProperty("changedAt", collection.changedAt().toString());
    collection.comparison().ifPresent(note -> object.add("comparison", comparison(note)));
    collection.shadow().ifPresent(note -> object.add("shadow", shadow(note)));
    return object;
  }

  private static LiveCollection collection(JsonObject object) {
    return new LiveCollection(
        new CollectionName(object.get("database").getAsString(), object.get("name").getAsString()),
        MigrationPhase.valueOf(object.get("done").getAsString()),
        object.get("targetId").getAsLong(),
        object.get("readWeight").getAsInt(),
        Optional.ofNullable(object.getAsJsonObject("comparison")).map(LiveStateJson::comparison),
        Optional.ofNullable(object.getAsJsonObject("shadow")).map(LiveStateJson::shadow),
        object.get("note").getAsString(),
        Instant.parse(object.get("changedAt").getAsString()));
  }

  /** A comparison, as documents and results write it. */
  static JsonObject comparison(ComparisonNote note) {
    JsonObject object = new JsonObject();
    object.addProperty("at", note.at().toString());
    object.addProperty("rounds", note.rounds());
    object.addProperty("rows", Long.toString(note.rows()));
    object.addProperty("differences", Long.toString(note.differences()));
    object.addProperty("repaired", Long.toString(note.repaired()));
    return object;
  }

  private static ComparisonNote comparison(JsonObject object) {
    return new ComparisonNote(
        Instant.parse(object.get("at").getAsString()),
        object.get("rounds").getAsInt(),
        object.get("rows").getAsLong(),
        object.get("differences").getAsLong(),
        object.get("repaired").getAsLong());
  }

  /** Shadow reads, as documents and results write them. */
  static JsonObject shadow(ShadowNote note) {
    JsonObject object = new JsonObject();
    object.addProperty("at", note.at().toString());
    object.addProperty("searches", Long.toString(note.searches()));
    object.addProperty("errors", Long.toString(note.errors()));
    object.addProperty("recall", note.recall());
    object.addProperty("sourceP50Micros", note.sourceP50Micros());
    object.addProperty("targetP50Micros", note.targetP50Micros());
    object.addProperty("probes", Long.toString(note.probes()));
    object.addProperty("probeRecall", note.probeRecall());
    return object;
  }

  private static ShadowNote shadow(JsonObject object) {
    return new ShadowNote(
        Instant.parse(object.get("at").getAsString()),
        object.get("searches").getAsLong(),
        object.get("errors").getAsLong(),
        object.get("recall").getAsDouble(),
        object.get("sourceP50Micros").getAsLong(),
        object.get("targetP50Micros").getAsLong(),
        object.get("probes").getAsLong(),
        object.get("probeRecall").getAsDouble());
  }
}
