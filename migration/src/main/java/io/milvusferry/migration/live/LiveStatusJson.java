package io.milvusferry.migration.live;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.gateway.ReadCounts.SideReads;

/** A status for machines. Numbers of 64 bits are strings. */
final class LiveStatusJson {
  private LiveStatusJson() {}

  static JsonObject of(LiveStatus status) {
    JsonObject gateway = new JsonObject();
    gateway.addProperty("ready", status.gateway().ready());
    gateway.addProperty("listen", status.gateway().listen());
    gateway.addProperty("source", status.gateway().source());
    gateway.addProperty("target", status.gateway().target());
    gateway.addProperty("journalBytes", Long.toString(status.gateway().journalBytes()));
    JsonArray collections = new JsonArray();
    status.collections().forEach(each -> collections.add(collection(each)));
    JsonObject object = new JsonObject();
    object.add("gateway", gateway);
    object.addProperty("splitter", status.splitter());
    object.add("collections", collections);
    return object;
  }

  private static JsonObject collection(CollectionStatus status) {
    LiveCollection collection = status.collection();
    JsonObject object = new JsonObject();
    object.addProperty("database", collection.name().database());
    object.addProperty("name", collection.name().name());
    object.addProperty("phase", collection.done().word());
    object.addProperty("readWeight", status.readWeight());
    object.addProperty("heldReadWeight", collection.readWeight());
    status.mirror().ifPresent(mirror -> mirror(object, mirror));
    collection
        .comparison()
        .ifPresent(note -> object.add("comparison", LiveStateJson.comparison(note)));
    collection.shadow().ifPresent(note -> object.add("shadow", LiveStateJson.shadow(note)));
    JsonObject reads = new JsonObject();
    reads.add("source", side(status.reads().source()));
    reads.add("target", side(status.reads().target()));
    reads.addProperty("fellBack", Long.toString(status.reads().fellBack()));
    object.add("reads", reads);
    object.addProperty("note", collection.note());
    object.addProperty("safeToCutOver", status.safety().safe());
    JsonArray obstacles = new JsonArray();
    status.safety().obstacles().forEach(obstacles::add);
    object.add("obstacles", obstacles);
    return object;
  }

  private static void mirror(JsonObject object, MirrorStatus mirror) {
    object.addProperty("direction", mirror.direction().name());
    object.addProperty("replaying", mirror.replaying());
    object.addProperty("lagRecords", Long.toString(mirror.pendingRecords()));
    object.addProperty("lagSeconds", mirror.lag().toMillis() / 1000.0);
    object.addProperty("failedWrites", Long.toString(mirror.failedWrites()));
    object.addProperty("unresolved", Long.toString(mirror.unresolved()));
    object.addProperty("dirty", mirror.dirty());
    object.addProperty("lastReplayError", mirror.lastReplayError());
  }

  private static JsonObject side(SideReads reads) {
    JsonObject object = new JsonObject();
    object.addProperty("calls", Long.toString(reads.calls()));
    object.addProperty("errors", Long.toString(reads.errors()));
    object.addProperty("p50Micros", Long.toString(reads.p50Micros()));
    object.addProperty("p95Micros", Long.toString(reads.p95Micros()));
    return object;
  }
}
