package io.milvusferry.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.milvusferry.cli.output.ProgressWords;
import io.milvusferry.cli.output.Report;
import io.milvusferry.error.FerryException;
import io.milvusferry.importer.CollectionResult;
import io.milvusferry.importer.ImportResult;
import io.milvusferry.importer.SearchOverlap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code ferry import} did. */
record ImportReport(Path archive, String into, ImportResult result) implements Report {
  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (CollectionResult collection : result.collections()) {
      lines.add(
          "  %-28s %14s   %-13s   %s"
              .formatted(
                  collection.target(),
                  ProgressWords.rows(collection.rows()),
                  OptionTypes.word(collection.status()).replace('-', ' '),
                  collection
                      .failure()
                      .map(FerryException::getMessage)
                      .orElse(collection.proof().summary())));
      collection.kept().ifPresent(kept -> lines.add("    replaced   kept as " + kept));
      collection
          .proof()
          .searches()
          .forEach(overlap -> lines.add("    search     " + overlap.summary()));
      lines.addAll(Deviations.lines(collection.deviations()));
    }
    long done = result.collections().stream().filter(CollectionResult::done).count();
    lines.add(
        "archive %s imported   id %s   %d of %d collections   %s   %s s"
            .formatted(
                archive,
                result.archiveId().hex(),
                done,
                result.collections().size(),
                result.proven() ? "every row proven equal" : "NOT proven",
                Seconds.of(result.duration())));
    if (result.collections().stream().anyMatch(one -> one.kept().isPresent())) {
      lines.add(
          "next:  ferry swap drop %s --into %s   or ferry swap revert"
              .formatted(result.archiveId().hex().substring(0, 16), into));
    }
    return lines;
  }

  @Override
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    for (CollectionResult collection : result.collections()) {
      for (String text : collection.proof().findings()) {
        JsonObject members = new JsonObject();
        JsonFindings.collection(members, collection.target());
        findings.add(new Finding("%s: %s".formatted(collection.target(), text), members));
      }
    }
    return findings;
  }

  @Override
  public void describe(JsonObject json) {
    json.addProperty("archive", archive.toString());
    json.addProperty("archiveId", result.archiveId().hex());
    JsonArray collections = new JsonArray();
    for (CollectionResult collection : result.collections()) {
      JsonObject object = new JsonObject();
      JsonFindings.collection(object, collection.target());
      object.addProperty("source", collection.source().toString());
      object.addProperty("status", OptionTypes.word(collection.status()));
      object.addProperty("rows", Long.toString(collection.rows()));
      object.addProperty("bulkRows", Long.toString(collection.bulkRows()));
      object.addProperty("insertedRows", Long.toString(collection.insertedRows()));
      object.addProperty("equal", collection.proof().proven());
      object.addProperty("proof", collection.proof().summary());
      collection.kept().ifPresent(kept -> object.addProperty("kept", kept.name()));
      object.add("searches", searches(collection.proof().searches()));
      object.add("deviations", Deviations.json(collection.deviations()));
      collection
          .failure()
          .ifPresent(
              e -> {
                object.addProperty("code", e.code().code());
                object.addProperty("message", e.getMessage());
              });
      collections.add(object);
    }
    json.add("collections", collections);
    json.addProperty("proven", result.proven());
    json.addProperty(
        "rows",
        Long.toString(result.collections().stream().mapToLong(CollectionResult::rows).sum()));
    json.add("stages", stages());
    json.addProperty("seconds", Seconds.of(result.duration()));
  }

  private static JsonArray searches(List<SearchOverlap> overlaps) {
    JsonArray array = new JsonArray();
    for (SearchOverlap overlap : overlaps) {
      JsonObject object = new JsonObject();
      object.addProperty("field", overlap.field());
      object.addProperty("index", overlap.index());
      object.addProperty("limit", overlap.limit());
      object.addProperty("queries", overlap.queries());
      object.addProperty("exact", overlap.exact());
      overlap.source().ifPresent(share -> object.addProperty("source", share));
      object.addProperty("target", overlap.target());
      array.add(object);
    }
    return array;
  }

  private JsonObject stages() {
    JsonObject stages = new JsonObject();
    result
        .totalTimes()
        .forEach((stage, time) -> stages.addProperty(OptionTypes.word(stage), Seconds.of(time)));
    return stages;
  }

  @Override
  public Optional<FerryException> failure() {
    return result.failure();
  }
}
