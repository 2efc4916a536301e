package io.milvusferry.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.milvusferry.cli.output.Report;
import io.milvusferry.error.FerryException;
import io.milvusferry.migration.live.CollectionOutcome;
import io.milvusferry.migration.live.LiveResult;
import io.milvusferry.migration.live.MigrationPhase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a step of a live migration did.
 *
 * @param next what comes after it; empty if nothing does
 */
record LiveReport(LiveResult result, String next) implements Report {
  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (CollectionOutcome outcome : result.collections()) {
      lines.add(
          "  %-28s %-10s %3d %% of reads at the target%s"
              .formatted(
                  outcome.name(),
                  outcome.done().map(MigrationPhase::word).orElse("given up"),
                  outcome.readWeight(),
                  outcome.failure().isPresent() ? "   FAILED" : ""));
      outcome.notes().forEach(note -> lines.add("    note: " + note));
      if (result.collections().size() > 1) {
        outcome.failure().ifPresent(failure -> lines.add("    " + failure.getMessage()));
      }
    }
    if (result.failure().isEmpty() && !next.isEmpty()) {
      lines.add("next:  " + next);
    }
    return lines;
  }

  @Override
  public void describe(JsonObject object) {
    JsonArray collections = new JsonArray();
    for (CollectionOutcome outcome : result.collections()) {
      JsonObject each = new JsonObject();
      JsonFindings.collection(each, outcome.name());
      each.addProperty("phase", outcome.done().map(MigrationPhase::word).orElse(""));
      each.addProperty("readWeight", outcome.readWeight());
      JsonArray notes = new JsonArray();
      outcome.notes().forEach(notes::add);
      each.add("notes", notes);
      outcome
          .failure()
          .ifPresent(
              failure -> {
                each.addProperty("code", failure.code().code());
                each.addProperty("message", failure.getMessage());
              });
      collections.add(each);
    }
    object.add("collections", collections);
  }

  @Override
  public Optional<FerryException> failure() {
    return result.failure();
  }
}
