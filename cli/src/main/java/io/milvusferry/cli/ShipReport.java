package io.milvusferry.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.milvusferry.cli.output.Report;
import io.milvusferry.progress.ByteSize;
import io.milvusferry.transfer.ShipResult;
import io.milvusferry.transfer.ShippedVolume;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code ferry ship} did. */
record ShipReport(Path archive, ShipResult result) implements Report {
  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    result.weaknesses().forEach(text -> lines.add("  note: " + text));
    lines.add(
        "archive %s shipped   id %s   %d chunks, %d of them sent now   %s of %s, %s times smaller"
            .formatted(
                archive,
                result.archiveId().hex(),
                result.chunks().size(),
                result.chunksSent(),
                new ByteSize(result.wireBytes()),
                new ByteSize(result.rawBytes()),
                ratio(result.ratio())));
    if (result.chunksLinked() > 0) {
      lines.add(
          "  linked     %d of %d chunks, which earlier bundles there have; not sent"
              .formatted(result.chunksLinked(), result.chunks().size()));
    }
    if (result.chunksCompared() > 0) {
      lines.add(
          "  compared   %d of %d chunks, by digests that the server has computed"
              .formatted(result.chunksCompared(), result.chunks().size()));
    }
    if (result.chunksReadBack() > 0) {
      lines.add(
          "  read back  %d of %d chunks, all as they were sent"
              .formatted(result.chunksReadBack(), result.chunks().size()));
    }
    lines.add("bundle  " + result.bundle());
    result.volumes().forEach(volume -> lines.add(line(volume)));
    lines.add(
        "next:  ferry receive %s --to DIR%s"
            .formatted(result.bundle(), result.encrypted() ? " --decrypt-with IDENTITY" : ""));
    return lines;
  }

  private static String line(ShippedVolume volume) {
    return "  volume %d   %d chunks   %s   %s"
        .formatted(
            volume.number(),
            volume.chunks(),
            new ByteSize(volume.bytes()),
            volume.here() ? volume.place() : "written by an earlier run, and not here now");
  }

  private static JsonObject json(ShippedVolume volume) {
    JsonObject json = new JsonObject();
    json.addProperty("volume", volume.number());
    json.addProperty("place", volume.place());
    json.addProperty("chunks", volume.chunks());
    json.addProperty("bytes", Long.toString(volume.bytes()));
    json.addProperty("here", volume.here());
    return json;
  }

  static String ratio(double ratio) {
    return String.format(Locale.ROOT, "%.2f", ratio);
  }

  @Override
  public void describe(JsonObject json) {
    json.addProperty("archive", archive.toString());
    json.addProperty("archiveId", result.archiveId().hex());
    json.addProperty("bundle", result.bundle());
    json.addProperty("chunks", result.chunks().size());
    json.addProperty("chunksSent", result.chunksSent());
    json.addProperty("chunksLinked", result.chunksLinked());
    json.addProperty("bytes", Long.toString(result.rawBytes()));
    json.addProperty("wireBytes", Long.toString(result.wireBytes()));
    json.addProperty("bytesSent", Long.toString(result.bytesSent()));
    json.addProperty("connections", result.connections());
    json.addProperty("chunksCompared", result.chunksCompared());
    json.addProperty("chunksReadBack", result.chunksReadBack());
    json.addProperty("encrypted", result.encrypted());
    JsonArray weaknesses = new JsonArray();
    result.weaknesses().forEach(weaknesses::add);
    json.add("weaknesses", weaknesses);
    if (!result.volumes().isEmpty()) {
      JsonArray volumes = new JsonArray();
      result.volumes().forEach(volume -> volumes.add(json(volume)));
      json.add("volumes", volumes);
    }
  }
}
