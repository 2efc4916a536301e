package io.milvusferry.exporter;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.milvusferry.connector.CollectionIdentity;
import io.milvusferry.digest.BucketFingerprints;
import io.milvusferry.digest.Digest;
import io.milvusferry.digest.Fingerprint;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.exporter.segment.SegmentSnapshot;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.JournalFile;
import io.milvusferry.manifest.Lane;
import io.milvusferry.manifest.PartEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an unfinished export has done so far: {@code ferry.journal} in the directory of the archive.
 *
 * <p>It saves work and fixes what must not change between runs (creation id and time, the
 * collections and their numbers, the state of the source at the first start). Deleting it, with the
 * rest of the directory, starts anew.
 */
final class ExportJournal implements AutoCloseable {
  /**
   * How an export began.
   *
   * @param request digest of the source and the selection
   */
  record Start(
      String creationId, Instant createdAt, String request, List<CollectionName> collections) {}

  /** A cut: every row of the partition up to a key is in durable parts. */
  record Cut(int partition, String upTo, List<PartEntry> parts, BucketFingerprints buckets) {}

  /** What is known of one collection. */
  static final class Progress {
    private @Nullable SourceState opened;
    private @Nullable SegmentSnapshot snapshot;
    private final List<Cut> cuts = new ArrayList<>();
    private boolean read;
    private @Nullable String temporaryIndex;
    private boolean loaded;

    Optional<SourceState> opened() {
      return Optional.ofNullable(opened);
    }

    /** The segments that show the collection, where it is read from files. */
    Optional<SegmentSnapshot> snapshot() {
      return Optional.ofNullable(snapshot);
    }

    List<Cut> cuts() {
      return List.copyOf(cuts);
    }

    /** Whether all rows are in durable parts. */
    boolean read() {
      return read;
    }

    /** Name of the index that this export made and has not dropped. */
    Optional<String> temporaryIndex() {
      return Optional.ofNullable(temporaryIndex);
    }

    /** Whether this export loaded the collection and has not released it. */
    boolean loaded() {
      return loaded;
    }
  }

  private final Path path;
  private final JournalFile file;
  private final Map<CollectionName, Progress> collections = new HashMap<>();
  private @Nullable Start start;

  private ExportJournal(Path path, JournalFile file) {
    this.path = path;
    this.file = file;
  }

  static ExportJournal open(Path path) throws IOException {
    ExportJournal journal = new ExportJournal(path, JournalFile.open(path));
    for (String record : journal.file.replayed()) {
      journal.apply(JsonParser.parseString(record).getAsJsonObject());
    }
    return journal;
  }

  Optional<Start> start() {
    return Optional.ofNullable(start);
  }

  synchronized Progress progress(CollectionName name) {
    return collections.computeIfAbsent(name, absent -> new Progress());
  }

  void started(Start begin) {
    JsonArray names = new JsonArray();
    for (CollectionName name : begin.collections()) {
      JsonObject object = new JsonObject();
      object.addProperty("database", name.database());
      object.addProperty("name", name.name());
      names.add(object);
    }
    JsonObject record = new JsonObject();
    record.addProperty("type", "start");
    record.addProperty("creationId", begin.creationId());
    record.addProperty("createdAt", begin.createdAt().toString());
    record.addProperty("request", begin.request());
    record.add("collections", names);
    write(record);
  }

  void opened(CollectionName name, SourceState state) {
    JsonObject record = about("opened", name);
    record.addProperty("id", state.identity().id());
    record.addProperty("created", state.identity().createdTimestamp());
    record.addProperty("schema", state.identity().schema().hex());
    record.addProperty("timestamp", state.timestamp());
    record.addProperty("count", state.count());
    record.addProperty("segments", state.segments());
    write(record);
  }

  void planned(CollectionName name, SegmentSnapshot snapshot) {
    JsonObject record = about("planned", name);
    record.addProperty("timestamp", snapshot.timestamp());
    JsonArray segments = new JsonArray();
    for (SegmentSnapshot.PlannedSegment segment : snapshot.segments()) {
      JsonObject object = new JsonObject();
      object.addProperty("id", segment.id());
      object.addProperty("partition", segment.partition());
      object.addProperty("rows", segment.rows());
      segments.add(object);
    }
    record.add("segments", segments);
    write(record);
  }

  void cut(CollectionName name, Cut cut) {
    JsonObject record = about("cut", name);
    record.addProperty("partition", cut.partition());
    record.addProperty("upTo", cut.upTo());
    JsonArray parts = new JsonArray();
    cut.parts().forEach(part -> parts.add(toJson(part)));
    record.add("parts", parts);
    record.addProperty("buckets", cut.buckets().toText());
    write(record);
  }

  void read(CollectionName name) {
    write(about("read", name));
  }

  void loading(CollectionName name) {
    write(about("loading", name));
  }

  void released(CollectionName name) {
    write(about("released", name));
  }

  void indexing(CollectionName name, String index) {
    JsonObject record = about("indexing", name);
    record.addProperty("index", index);
    write(record);
  }

  void indexDropped(CollectionName name) {
    write(about("indexDropped", name));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static JsonObject about(String type, CollectionName name) {
    JsonObject record = new JsonObject();
    record.addProperty("type", type);
    record.addProperty("database", name.database());
    record.addProperty("name", name.name());
    return record;
  }

  private synchronized void write(JsonObject record) {
    try {
      file.append(record.toString());
    } catch (IOException e) {
      throw LocalFailure.of(e, path);
    }
    apply(record);
  }

  private synchronized void apply(JsonObject record) {
    String type = record.get("type").getAsString();
    if (type.equals("start")) {
      start = startFrom(record);
      return;
    }
    CollectionName name =
        new CollectionName(record.get("database").getAsString(), record.get("name").getAsString());
    Progress progress = progress(name);
    switch (type) {
      case "opened" -> progress.opened = stateFrom(record);
      case "planned" -> progress.snapshot = snapshotFrom(record);
      case "cut" -> progress.cuts.add(cutFrom(record));
      case "read" -> progress.read = true;
      case "loading" -> progress.loaded = true;
      case "released" -> progress.loaded = false;
      case "indexing" -> progress.temporaryIndex = record.get("index").getAsString();
      case "indexDropped" -> progress.temporaryIndex = null;
      default -> throw new IllegalStateException("unknown journal record " + type);
    }
  }

  private static Start startFrom(JsonObject record) {
    List<CollectionName> names = new ArrayList<>();
    record
        .getAsJsonArray("collections")
        .forEach(
            element ->
                names.add(
                    new CollectionName(
                        element.getAsJsonObject().get("database").getAsString(),
                        element.getAsJsonObject().get("name").getAsString())));
    return new Start(
        record.get("creationId").getAsString(),
        Instant.parse(record.get("createdAt").getAsString()),
        record.get("request").getAsString(),
        List.copyOf(names));
  }

  private static SourceState stateFrom(JsonObject record) {
    return new SourceState(
        new CollectionIdentity(
            record.get("id").getAsLong(),
            record.get("created").getAsLong(),
            new Digest(record.get("schema").getAsString())),
        record.get("timestamp").getAsLong(),
        record.get("count").getAsLong(),
        record.get("segments").getAsString());
  }

  private static SegmentSnapshot snapshotFrom(JsonObject record) {
    List<SegmentSnapshot.PlannedSegment> segments = new ArrayList<>();
    for (JsonElement element : record.getAsJsonArray("segments")) {
      JsonObject segment = element.getAsJsonObject();
      segments.add(
          new SegmentSnapshot.PlannedSegment(
              segment.get("id").getAsLong(),
              segment.get("partition").getAsLong(),
              segment.get("rows").getAsLong()));
    }
    return new SegmentSnapshot(record.get("timestamp").getAsLong(), segments);
  }

  private static Cut cutFrom(JsonObject record) {
    List<PartEntry> parts = new ArrayList<>();
    record.getAsJsonArray("parts").forEach(part -> parts.add(partFrom(part.getAsJsonObject())));
    return new Cut(
        record.get("partition").getAsInt(),
        record.get("upTo").getAsString(),
        List.copyOf(parts),
        BucketFingerprints.parse(record.get("buckets").getAsString()));
  }

  private static JsonObject toJson(PartEntry part) {
    JsonObject object = new JsonObject();
    object.addProperty("path", part.path());
    object.addProperty("partition", part.partition());
    object.addProperty("rows", part.rows());
    object.addProperty("bytes", part.bytes());
    object.addProperty("digest", part.digest().hex());
    object.addProperty("minKey", part.minKey());
    object.addProperty("maxKey", part.maxKey());
    object.addProperty("sum", part.fingerprint().sum());
    object.addProperty("lane", part.lane().name());
    object.addProperty("minServer", part.minServer());
    return object;
  }

  private static PartEntry partFrom(JsonObject object) {
    long rows = object.get("rows").getAsLong();
    return new PartEntry(
        object.get("path").getAsString(),
        object.get("partition").getAsInt(),
        rows,
        object.get("bytes").getAsLong(),
        new Digest(object.get("digest").getAsString()),
        object.get("minKey").getAsString(),
        object.get("maxKey").getAsString(),
        new Fingerprint(rows, object.get("sum").getAsString()),
        Lane.valueOf(object.get("lane").getAsString()),
        object.get("minServer").getAsString());
  }
}
