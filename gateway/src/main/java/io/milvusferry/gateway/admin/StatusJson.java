package io.milvusferry.gateway.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.milvusferry.gateway.Direction;
import io.milvusferry.gateway.FailedWrite;
import io.milvusferry.gateway.GatewayStatus;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.gateway.ReadCounts;
import io.milvusferry.gateway.ReadCounts.SideReads;
import io.milvusferry.gateway.Reconciled;
import io.milvusferry.gateway.RepairScope;
import io.milvusferry.gateway.ShadowCounts;
import io.milvusferry.manifest.CollectionName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a gateway says of itself as JSON; keys are the names of the components. */
final class StatusJson {
  private StatusJson() {}

  static JsonObject write(GatewayStatus status) {
    JsonObject object = new JsonObject();
    object.addProperty("ready", status.ready());
    object.addProperty("version", status.version());
    object.addProperty("listen", status.listen());
    object.addProperty("source", status.source());
    object.addProperty("target", status.target());
    object.addProperty("uptimeMillis", status.uptime().toMillis());
    object.addProperty("journalBytes", status.journalBytes());
    JsonArray mirrors = new JsonArray();
    status.mirrors().forEach(mirror -> mirrors.add(write(mirror)));
    object.add("mirrors", mirrors);
    return object;
  }

  static GatewayStatus gateway(JsonObject object) {
    List<MirrorStatus> mirrors = new ArrayList<>();
    for (JsonElement mirror : object.getAsJsonArray("mirrors")) {
      mirrors.add(mirror(mirror.getAsJsonObject()));
    }
    return new GatewayStatus(
        object.get("ready").getAsBoolean(),
        object.get("version").getAsString(),
        object.get("listen").getAsString(),
        object.get("source").getAsString(),
        object.get("target").getAsString(),
        Duration.ofMillis(object.get("uptimeMillis").getAsLong()),
        object.get("journalBytes").getAsLong(),
        mirrors);
  }

  static JsonObject write(Reconciled reconciled) {
    JsonObject object = new JsonObject();
    object.addProperty("repaired", reconciled.repaired());
    object.addProperty("unsettled", reconciled.unsettled());
    object.addProperty("refused", reconciled.refused());
    return object;
  }

  static Reconciled reconciled(JsonObject object) {
    return new Reconciled(
        object.get("repaired").getAsInt(),
        object.get("unsettled").getAsInt(),
        object.get("refused").getAsInt());
  }

  static JsonObject write(RepairScope scope) {
    JsonObject object = new JsonObject();
    object.addProperty("looksTwice", scope.looksTwice());
    object.addProperty("losses", scope.losses());
    return object;
  }

  static RepairScope scope(JsonObject object) {
    return new RepairScope(
        object.get("looksTwice").getAsBoolean(), object.get("losses").getAsInt());
  }

  static JsonObject write(MirrorStatus status) {
    JsonObject object = name(status.collection());
    object.addProperty("direction", status.direction().name());
    object.addProperty("since", status.since().toString());
    object.addProperty("sinceTimestamp", Long.toString(status.sinceTimestamp()));
    object.addProperty("replaying", status.replaying());
    object.addProperty("readWeight", status.readWeight());
    object.addProperty("shadowPercent", status.shadowPercent());
    object.addProperty("pendingRecords", status.pendingRecords());
    object.addProperty("lagMillis", status.lag().toMillis());
    object.addProperty("failedWrites", status.failedWrites());
    object.addProperty("unresolved", status.unresolved());
    object.addProperty("dirty", status.dirty());
    object.addProperty("lastReplayError", status.lastReplayError());
    object.add("reads", write(status.reads()));
    object.add("shadow", write(status.shadow()));
    return object;
  }

  static MirrorStatus mirror(JsonObject object) {
    return new MirrorStatus(
        collection(object),
        Direction.valueOf(object.get("direction").getAsString()),
        Instant.parse(object.get("since").getAsString()),
        Long.parseLong(object.get("sinceTimestamp").getAsString()),
        object.get("replaying").getAsBoolean(),
        object.get("readWeight").getAsInt(),
        object.get("shadowPercent").getAsInt(),
        object.get("pendingRecords").getAsLong(),
        Duration.ofMillis(object.get("lagMillis").getAsLong()),
        object.get("failedWrites").getAsLong(),
        object.get("unresolved").getAsLong(),
        object.get("dirty").getAsBoolean(),
        object.get("lastReplayError").getAsString(),
        reads(object.getAsJsonObject("reads")),
        shadow(object.getAsJsonObject("shadow")));
  }

  static JsonObject name(CollectionName collection) {
    JsonObject object = new JsonObject();
    object.addProperty("database", collection.database());
    object.addProperty("name", collection.name());
    return object;
  }

  static CollectionName collection(JsonObject object) {
    return new CollectionName(
        object.get("database").getAsString(), object.get("name").getAsString());
  }

  private static JsonObject write(ReadCounts reads) {
    JsonObject object = new JsonObject();
    object.add("source", write(reads.source()));
    object.add("target", write(reads.target()));
    object.addProperty("fellBack", reads.fellBack());
    return object;
  }

  private static ReadCounts reads(JsonObject object) {
    return new ReadCounts(
        side(object.getAsJsonObject("source")),
        side(object.getAsJsonObject("target")),
        object.get("fellBack").getAsLong());
  }

  private static JsonObject write(SideReads side) {
    JsonObject object = new JsonObject();
    object.addProperty("calls", side.calls());
    object.addProperty("errors", side.errors());
    object.addProperty("p50Micros", side.p50Micros());
    object.addProperty("p95Micros", side.p95Micros());
    return object;
  }

  private static SideReads side(JsonObject object) {
    return new SideReads(
        object.get("calls").getAsLong(),
        object.get("errors").getAsLong(),
        object.get("p50Micros").getAsLong(),
        object.get("p95Micros").getAsLong());
  }

  private static JsonObject write(ShadowCounts shadow) {
    JsonObject object = new JsonObject();
    object.addProperty("searches", shadow.searches());
    object.addProperty("errors", shadow.errors());
    object.addProperty("recall", shadow.recall());
    object.addProperty("sourceP50Micros", shadow.sourceP50Micros());
    object.addProperty("targetP50Micros", shadow.targetP50Micros());
    return object;
  }

  private static ShadowCounts shadow(JsonObject object) {
    return new ShadowCounts(
        object.get("searches").getAsLong(),
        object.get("errors").getAsLong(),
        object.get("recall").getAsDouble(),
        object.get("sourceP50Micros").getAsLong(),
        object.get("targetP50Micros").getAsLong());
  }

  static JsonArray write(List<FailedWrite> writes) {
    JsonArray array = new JsonArray();
    for (FailedWrite write : writes) {
      JsonObject object = new JsonObject();
      object.addProperty("sequence", Long.toString(write.sequence()));
      object.addProperty("kind", write.kind());
      object.addProperty("partition", write.partition());
      object.addProperty("keys", write.keys());
      object.addProperty("writtenAt", write.writtenAt().toString());
      object.addProperty("reason", write.reason());
      array.add(object);
    }
    return array;
  }

  static List<FailedWrite> failedWrites(JsonArray array) {
    List<FailedWrite> writes = new ArrayList<>();
    for (JsonElement element : array) {
      JsonObject object = element.getAsJsonObject();
      writes.add(
          new FailedWrite(
              Long.parseLong(object.get("sequence").getAsString()),
              object.get("kind").getAsString(),
              object.get("partition").getAsString(),
              object.get("keys").getAsString(),
              Instant.parse(object.get("writtenAt").getAsString()),
              object.get("reason").getAsString()));
    }
    return List.copyOf(writes);
  }
}
