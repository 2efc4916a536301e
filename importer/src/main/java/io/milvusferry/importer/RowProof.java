package io.milvusferry.importer;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.record.RowSource;
import io.milvusferry.verify.Comparison;
import io.milvusferry.verify.ComparisonResult;
import io.milvusferry.verify.ComparisonSettings;
import io.milvusferry.verify.ComparisonSide;
import io.milvusferry.verify.RowFinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads a loaded target back and holds every row against the archive. */
final class RowProof {
  private final ImportContext context;
  private final ComparisonSettings settings;

  RowProof(ImportContext context, ComparisonSettings settings) {
    this.context = context;
    this.settings = settings;
  }

  Proof compare(TargetCollection collection) {
    CollectionEntry entry = collection.entry();
    CollectionSource source = context.server().source(collection.name());
    long before = collection.log().progress().begin().orElseThrow().rowsBefore();
    long expected = entry.rows() + before;
    long counted = source.count().orElse(expected);
    if (before > 0 && collection.newKeys()) {
      return counted == expected
          ? new Proof.NotProven(
              "rows with new keys cannot be told from the %d that were there; their number is right"
                  .formatted(before))
          : different("%d rows are counted instead of %d".formatted(counted, expected), List.of());
    }
    ComparisonResult result = compareRows(collection, source);
    List<String> findings = new ArrayList<>();
    result.findings().stream()
        .filter(finding -> before == 0 || finding.kind() != RowFinding.Kind.EXTRA)
        .map(RowFinding::message)
        .forEach(findings::add);
    if (result.missing() > 0 || result.changed() > 0 || result.extra() != before) {
      return different(
          "%d rows are missing, %d extra, %d changed"
              .formatted(result.missing(), result.extra() - before, result.changed()),
          findings);
    }
    if (counted != expected) {
      return different(
          "every row is there, but the server counts %d instead of %d: some are there twice"
              .formatted(counted, expected),
          findings);
    }
    return new Proof.Equal(entry.rows(), collection.newKeys());
  }

  private ComparisonResult compareRows(TargetCollection collection, CollectionSource source) {
    CollectionEntry entry = collection.entry();
    RowSource rows = context.archive().rows(entry);
    Set<String> ignored =
        collection.newKeys()
            ? Set.of(collection.description().schema().primaryKey().name())
            : Set.of();
    ComparisonSide archive =
        context
            .archive()
            .known(entry)
            .map(known -> ComparisonSide.of(rows, known))
            .orElseGet(() -> ComparisonSide.of(rows));
    return new Comparison(
            collection.name(),
            new ComparisonSettings(
                settings.threads(), settings.maxFindings(), ignored, settings.rereadDelay()),
            context.progress(),
            tooMany -> {})
        .compare(archive, ComparisonSide.of(source));
  }

  private static Proof different(String summary, List<String> findings) {
    return new Proof.Different(summary, findings);
  }
}
