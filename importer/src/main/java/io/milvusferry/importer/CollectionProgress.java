package io.milvusferry.importer;

import com.google.gson.JsonObject;
import io.milvusferry.manifest.CollectionName;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How far one target collection is, as the journal tells. */
final class CollectionProgress {
  /** How an import of a collection ended. */
  enum End {
    /** Read back and the same. */
    EQUAL,
    /** Read back and not the same. */
    DIFFERENT,
    /** Not read back. */
    NOT_COMPARED
  }

  private CollectionName name;
  private @Nullable Begin begin;
  private @Nullable Long dropping;
  private @Nullable Long creatingSince;
  private @Nullable Long id;
  private Map<String, PartProgress> parts = new TreeMap<>();
  private @Nullable String temporaryIndex;
  private boolean loadedForCompare;
  private @Nullable End end;
  private @Nullable String endedAt;
  private List<Deviation> declared = List.of();
  private @Nullable Swap swap;
  private boolean published;

  /**
   * How the import of a collection began.
   *
   * @param entry number of the collection in the archive
   * @param append whether rows are added to a collection that was there
   * @param rowsBefore rows that it had then
   */
  record Begin(int entry, boolean append, AutoId autoId, long rowsBefore) {}

  CollectionProgress(CollectionName name) {
    this.name = name;
  }

  CollectionName name() {
    return name;
  }

  Optional<Begin> begin() {
    return Optional.ofNullable(begin);
  }

  /** Id of a collection that was about to be dropped, and is not known to be gone. */
  Optional<Long> dropping() {
    return Optional.ofNullable(dropping);
  }

  /** The server's time when the collection was about to be made; 0 if it gave none. */
  Optional<Long> creatingSince() {
    return Optional.ofNullable(creatingSince);
  }

  /** The server's id of the collection that is filled. */
  Optional<Long> id() {
    return Optional.ofNullable(id);
  }

  /** What is known of a part; nothing at first. */
  PartProgress part(String path) {
    return parts.computeIfAbsent(path, absent -> new PartProgress());
  }

  boolean hasOpenSubmissions() {
    return parts.values().stream().anyMatch(part -> part.open().isPresent());
  }

  /** Name of the index that was made for the comparison and is not known to be dropped. */
  Optional<String> temporaryIndex() {
    return Optional.ofNullable(temporaryIndex);
  }

  /** Whether the collection was loaded for the comparison alone and is not known to be released. */
  boolean loadedForCompare() {
    return loadedForCompare;
  }

  Optional<End> end() {
    return Optional.ofNullable(end);
  }

  /** What was said about what the target does not keep. */
  List<Deviation> declared() {
    return declared;
  }

  /** How it takes its name, or has taken it; empty where it had it from the start. */
  Optional<Swap> swap() {
    return Optional.ofNullable(swap);
  }

  /** Whether it has the name of its {@link #swap}. */
  boolean published() {
    return published;
  }

  /** It has another name now. */
  void renamed(CollectionName other, boolean asPublished) {
    name = other;
    published = asPublished;
    swap = asPublished ? swap : null;
  }

  /** When it ended, as text. */
  String endedAt() {
    return endedAt == null ? "" : endedAt;
  }

  void apply(String type, JsonObject record) {
    switch (type) {
      case "begin" -> begin(record);
      case "dropping" -> dropping = record.get("id").getAsLong();
      case "dropped" -> dropping = null;
      case "creating" -> creatingSince = record.get("since").getAsLong();
      case "created" -> id = record.get("id").getAsLong();
      case "indexing" -> temporaryIndex = record.get("index").getAsString();
      case "indexDropped" -> temporaryIndex = null;
      case "loading" -> loadedForCompare = true;
      case "released" -> loadedForCompare = false;
      case "publishing" -> swap = swap(record);
      case "keptGone" -> swap = null;
      case "declared" -> declared = deviations(record);
      case "end" -> {
        end = End.valueOf(record.get("end").getAsString());
        endedAt = record.get("at").getAsString();
      }
      case "submitting" -> part(record).submitting(attempt(record));
      case "submitted" -> part(record).submitted(record.get("task").getAsLong());
      case "failed" -> part(record).failed(record.get("reason").getAsString());
      case "inserting" ->
          part(record).inserting(record.get("upTo").getAsLong(), record.get("millis").getAsLong());
      case "inserted" -> part(record).inserted(record.get("upTo").getAsLong());
      case "loaded" -> part(record).finished();
      default -> throw new IllegalStateException("unknown journal record " + type);
    }
  }

  private void begin(JsonObject record) {
    begin =
        new Begin(
            record.get("entry").getAsInt(),
            record.get("append").getAsBoolean(),
            AutoId.valueOf(record.get("autoId").getAsString()),
            record.get("rowsBefore").getAsLong());
    dropping = null;
    creatingSince = null;
    id = null;
    parts = new TreeMap<>();
    temporaryIndex = null;
    loadedForCompare = false;
    end = null;
    endedAt = null;
    declared = List.of();
    swap = null;
    published = false;
  }

  private static Swap swap(JsonObject record) {
    return new Swap(
        new CollectionName(record.get("database").getAsString(), record.get("as").getAsString()),
        record.get("replaced").getAsLong(),
        record.getAsJsonArray("aliases").asList().stream()
            .map(alias -> alias.getAsString())
            .toList(),
        record.get("loaded").getAsBoolean());
  }

  private static List<Deviation> deviations(JsonObject record) {
    return record.getAsJsonArray("deviations").asList().stream()
        .map(one -> Deviation.parse(one.getAsJsonObject()))
        .toList();
  }

  private PartProgress part(JsonObject record) {
    return part(record.get("part").getAsString());
  }

  private static PartProgress.Attempt attempt(JsonObject record) {
    Set<Long> known = new HashSet<>();
    record.getAsJsonArray("known").forEach(task -> known.add(task.getAsLong()));
    return new PartProgress.Attempt(
        record.get("number").getAsInt(),
        record.get("file").getAsString(),
        Set.copyOf(known),
        record.get("millis").getAsLong());
  }
}
