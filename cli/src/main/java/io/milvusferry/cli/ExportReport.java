package io.milvusferry.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.milvusferry.cli.output.ProgressWords;
import io.milvusferry.cli.output.Report;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.exporter.ExportResult;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.ConsistencyMode;
import io.milvusferry.progress.ByteSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code ferry export} made. */
record ExportReport(Path directory, ExportResult result) implements Report {
  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>(content());
    lines.add("next:  ferry ship %s --to sftp://USER@HOST/DIRECTORY".formatted(directory));
    return lines;
  }

  /** The lines without the advice what to do next. */
  List<String> content() {
    List<String> lines = new ArrayList<>();
    for (CollectionEntry entry : result.manifest().collections()) {
      ConsistencyMode mode = entry.consistency().mode();
      lines.add(
          "  %-28s %14s   %d parts   %s"
              .formatted(
                  entry.name(),
                  ProgressWords.rows(entry.rows()),
                  entry.parts().size(),
                  mode == ConsistencyMode.FUZZY
                      ? "FUZZY: " + String.join("; ", entry.consistency().reasons())
                      : OptionTypes.word(mode)));
    }
    result
        .failures()
        .forEach(
            (name, e) -> lines.add("  %-28s not exported: %s".formatted(name, e.getMessage())));
    lines.add(
        "archive %s sealed   id %s   %d collections   %s"
            .formatted(
                directory,
                result.archiveId().hex(),
                result.manifest().collections().size(),
                new ByteSize(result.manifest().bytes())));
    return lines;
  }

  @Override
  public List<Finding> findings() {
    return result.findings().stream().map(text -> new Finding(text, new JsonObject())).toList();
  }

  @Override
  public void describe(JsonObject json) {
    json.addProperty("archive", directory.toString());
    json.addProperty("archiveId", result.archiveId().hex());
    json.addProperty("consistency", result.manifest().consistency().mode().name());
    json.add("collections", InspectReport.collections(result.manifest()));
    JsonArray failed = new JsonArray();
    result
        .failures()
        .forEach(
            (name, e) -> {
              JsonObject object = new JsonObject();
              JsonFindings.collection(object, name);
              object.addProperty("code", e.code().code());
              object.addProperty("message", e.getMessage());
              failed.add(object);
            });
    json.add("failed", failed);
    json.addProperty("rows", Long.toString(result.manifest().rows()));
    json.addProperty("bytes", Long.toString(result.manifest().bytes()));
    json.addProperty("seconds", Seconds.of(result.duration()));
  }

  @Override
  public Optional<FerryException> failure() {
    Optional<Map.Entry<CollectionName, FerryException>> failed =
        result.failures().entrySet().stream().findFirst();
    if (failed.isPresent()) {
      Map.Entry<CollectionName, FerryException> first = failed.get();
      FerryException reason = first.getValue();
      return Optional.of(
          new FerryException(
              ErrorCode.SOME_COLLECTIONS_FAILED,
              "%d collections are not in the archive; %s: %s"
                  .formatted(result.failures().size(), first.getKey(), reason.getMessage()),
              reason.hint(),
              reason));
    }
    return result.findings().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new FerryException(
                ErrorCode.ROWS_LOST,
                "the archive is sealed, but with %d findings, the first: %s"
                    .formatted(result.findings().size(), result.findings().get(0)),
                "Look these keys up in the source; the archive holds what the source returned.",
                null));
  }
}
