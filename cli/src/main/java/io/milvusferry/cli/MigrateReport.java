package io.milvusferry.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.milvusferry.cli.output.ProgressWords;
import io.milvusferry.cli.output.Report;
import io.milvusferry.error.FerryException;
import io.milvusferry.migration.MigrationResult;
import io.milvusferry.migration.MoveResult;
import io.milvusferry.progress.ByteSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What {@code ferry migrate} did. */
record MigrateReport(String from, String into, MigrationResult result) implements Report {
  private static final String ROW = "  %-28s %-13s %12s %10s %9s %9s   %s";

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        ROW.formatted("collection", "status", "rows", "bytes", "seconds", "rows/s", "compared"));
    for (MoveResult collection : result.collections()) {
      lines.add(
          ROW.formatted(
              collection.target(),
              OptionTypes.word(collection.status()).replace('-', ' '),
              String.format(Locale.ROOT, "%,d", collection.rows()),
              new ByteSize(collection.bytes()),
              Seconds.of(collection.duration()),
              String.format(Locale.ROOT, "%,d", collection.rowsPerSecond()),
              collection
                  .failure()
                  .map(FerryException::getMessage)
                  .orElse(collection.proof().summary())));
      lines.addAll(Deviations.lines(collection.deviations()));
    }
    long done = result.collections().stream().filter(MoveResult::done).count();
    lines.add(
        "migrated   %d of %d collections   %s   %s   %s s"
            .formatted(
                done,
                result.collections().size(),
                ProgressWords.rows(result.rows()),
                result.proven() ? "every row proven equal" : "NOT proven",
                Seconds.of(result.duration())));
    return lines;
  }

  @Override
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    for (MoveResult collection : result.collections()) {
      for (String text : collection.findings()) {
        JsonObject members = new JsonObject();
        JsonFindings.collection(members, collection.target());
        findings.add(new Finding("%s: %s".formatted(collection.target(), text), members));
      }
    }
    return findings;
  }

  @Override
  public void describe(JsonObject json) {
    JsonArray collections = new JsonArray();
    result.collections().forEach(collection -> collections.add(object(collection)));
    json.add("collections", collections);
    json.addProperty("proven", result.proven());
    json.addProperty("rows", Long.toString(result.rows()));
    json.addProperty("seconds", Seconds.of(result.duration()));
  }

  private static JsonObject object(MoveResult collection) {
    JsonObject object = new JsonObject();
    JsonFindings.collection(object, collection.target());
    object.addProperty("source", collection.source().toString());
    object.addProperty("status", OptionTypes.word(collection.status()));
    object.addProperty("rows", Long.toString(collection.rows()));
    object.addProperty("bytes", Long.toString(collection.bytes()));
    object.addProperty("seconds", Seconds.of(collection.duration()));
    object.addProperty("rowsPerSecond", Long.toString(collection.rowsPerSecond()));
    object.addProperty("equal", collection.done() && collection.proof().proven());
    object.addProperty("proof", collection.proof().summary());
    object.addProperty("findings", collection.findings().size());
    object.add("deviations", Deviations.json(collection.deviations()));
    JsonObject stages = new JsonObject();
    collection
        .times()
        .forEach((stage, time) -> stages.addProperty(OptionTypes.word(stage), Seconds.of(time)));
    object.add("stages", stages);
    collection
        .failure()
        .ifPresent(
            e -> {
              object.addProperty("code", e.code().code());
              object.addProperty("message", e.getMessage());
            });
    return object;
  }

  @Override
  public Optional<FerryException> failure() {
    return result.failure();
  }
}
