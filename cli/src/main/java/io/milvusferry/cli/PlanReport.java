package io.milvusferry.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.milvusferry.cli.output.ProgressWords;
import io.milvusferry.cli.output.Report;
import io.milvusferry.error.FerryException;
import io.milvusferry.importer.CollectionPlan;
import io.milvusferry.importer.PlanResult;
import io.milvusferry.importer.Refusal;
import io.milvusferry.progress.ByteSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code ferry import} would do. */
record PlanReport(Path archive, PlanResult result) implements Report {
  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (CollectionPlan plan : result.collections()) {
      lines.add(
          "  %-28s %-13s   %14s   %10s   %s"
              .formatted(
                  plan.target(),
                  OptionTypes.word(plan.action()).replace('-', ' '),
                  ProgressWords.rows(plan.rows()),
                  new ByteSize(plan.bytes()),
                  lanes(plan)));
      lines.addAll(Deviations.lines(plan.deviations()));
      plan.refusals().forEach(refusal -> lines.add("    refused: " + refusal.message()));
    }
    long rows =
        result.collections().stream().mapToLong(plan -> plan.bulkRows() + plan.insertRows()).sum();
    lines.add(
        "planned    %d collections of %s   id %s   %s to load   %s s"
            .formatted(
                result.collections().size(),
                archive,
                result.archiveId().hex(),
                ProgressWords.rows(rows),
                Seconds.of(result.duration())));
    return lines;
  }

  private static String lanes(CollectionPlan plan) {
    if (plan.bulkRows() + plan.insertRows() == 0) {
      return plan.lane();
    }
    return "bulk %s, insert %s: %s"
        .formatted(
            ProgressWords.rows(plan.bulkRows()),
            ProgressWords.rows(plan.insertRows()),
            plan.lane());
  }

  @Override
  public void describe(JsonObject json) {
    json.addProperty("archive", archive.toString());
    json.addProperty("archiveId", result.archiveId().hex());
    JsonArray collections = new JsonArray();
    result.collections().forEach(plan -> collections.add(object(plan)));
    json.add("collections", collections);
    json.addProperty("seconds", Seconds.of(result.duration()));
  }

  private static JsonObject object(CollectionPlan plan) {
    JsonObject object = new JsonObject();
    JsonFindings.collection(object, plan.target());
    object.addProperty("source", plan.source().toString());
    object.addProperty("action", OptionTypes.word(plan.action()));
    object.addProperty("rows", Long.toString(plan.rows()));
    object.addProperty("bytes", Long.toString(plan.bytes()));
    object.addProperty("bulkRows", Long.toString(plan.bulkRows()));
    object.addProperty("insertRows", Long.toString(plan.insertRows()));
    object.addProperty("lane", plan.lane());
    object.add("deviations", Deviations.json(plan.deviations()));
    JsonArray refusals = new JsonArray();
    plan.refusals().forEach(refusal -> refusals.add(object(refusal)));
    object.add("refusals", refusals);
    return object;
  }

  private static JsonObject object(Refusal refusal) {
    JsonObject object = new JsonObject();
    object.addProperty("code", refusal.code().code());
    object.addProperty("path", refusal.path());
    object.addProperty("message", refusal.message());
    object.addProperty("hint", refusal.hint());
    return object;
  }

  @Override
  public Optional<FerryException> failure() {
    return result.failure();
  }
}
