package io.milvusferry.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.milvusferry.cli.output.ProgressWords;
import io.milvusferry.cli.output.Report;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.verify.ComparisonResult;
import io.milvusferry.verify.DescriptionFinding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code ferry compare} found.
 *
 * @param missing collections that only the left side has
 * @param extra collections that only the right side has
 * @param rest the file with the findings that are too many to be listed; empty without any
 * @param inRest how many findings that file holds
 */
record CompareReport(
    List<CollectionComparison> collections,
    List<CollectionName> missing,
    List<CollectionName> extra,
    Optional<Path> rest,
    long inRest)
    implements Report {

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (CollectionComparison collection : collections) {
      lines.add("  %-28s %s".formatted(collection.left(), verdict(collection)));
      collection
          .description()
          .declared()
          .forEach(finding -> lines.add("    declared: " + finding.message()));
      collection
          .description()
          .findings()
          .forEach(finding -> lines.add("    not declared: " + finding.message()));
    }
    rest.ifPresent(file -> lines.add("findings   %d more in %s".formatted(inRest, file)));
    long equal = collections.stream().filter(CollectionComparison::equal).count();
    lines.add(
        "compared   %d of %d collections equal"
            .formatted(equal, collections.size() + missing.size() + extra.size()));
    return lines;
  }

  private static String verdict(CollectionComparison collection) {
    if (collection.equal()) {
      return "equal   "
          + ProgressWords.rows(collection.rows().map(r -> r.expected().rows()).orElse(0L));
    }
    return "DIFFERENT   "
        + collection
            .rows()
            .map(
                rows ->
                    "%d missing, %d extra, %d changed rows"
                        .formatted(rows.missing(), rows.extra(), rows.changed()))
            .orElse(collection.obstacle())
        + "   schema %s   indexes %s"
            .formatted(
                collection.verdict(DescriptionFinding.Kind.SCHEMA),
                collection.verdict(DescriptionFinding.Kind.INDEXES));
  }

  @Override
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    missing.forEach(name -> findings.add(collection("missing", name, "is missing on the right")));
    extra.forEach(name -> findings.add(collection("extra", name, "is only on the right")));
    for (CollectionComparison collection : collections) {
      collection.description().findings().forEach(f -> findings.add(JsonFindings.of(f)));
      if (!collection.obstacle().isEmpty()) {
        findings.add(collection("incomparable", collection.left(), collection.obstacle()));
      }
      collection
          .rows()
          .ifPresent(rows -> rows.findings().forEach(f -> findings.add(JsonFindings.of(f))));
    }
    return findings;
  }

  private static Finding collection(String kind, CollectionName name, String text) {
    JsonObject members = new JsonObject();
    members.addProperty("kind", kind);
    JsonFindings.collection(members, name);
    return new Finding("collection %s %s".formatted(name, text), members);
  }

  @Override
  public void describe(JsonObject result) {
    JsonArray array = new JsonArray();
    for (CollectionComparison collection : collections) {
      JsonObject object = new JsonObject();
      JsonFindings.collection(object, collection.left());
      object.addProperty("equal", collection.equal());
      collection
          .rows()
          .ifPresent(
              rows -> {
                object.addProperty("rows", Long.toString(rows.expected().rows()));
                object.addProperty("missing", Long.toString(rows.missing()));
                object.addProperty("extra", Long.toString(rows.extra()));
                object.addProperty("changed", Long.toString(rows.changed()));
              });
      object.add("declared", differences(collection.description().declared()));
      object.add("notDeclared", differences(collection.description().findings()));
      object.addProperty("properties", collection.verdict(DescriptionFinding.Kind.PROPERTIES));
      object.addProperty("schema", collection.verdict(DescriptionFinding.Kind.SCHEMA));
      object.addProperty("indexes", collection.verdict(DescriptionFinding.Kind.INDEXES));
      array.add(object);
    }
    result.add("collections", array);
    result.addProperty("findings", count());
    rest.ifPresent(file -> result.addProperty("findingsFile", file.toString()));
  }

  private static JsonArray differences(List<DescriptionFinding> findings) {
    JsonArray array = new JsonArray();
    for (DescriptionFinding finding : findings) {
      JsonObject object = new JsonObject();
      object.addProperty("path", finding.path());
      object.addProperty("expected", finding.expected());
      object.addProperty("actual", finding.actual());
      array.add(object);
    }
    return array;
  }

  /** All differences, listed or not. */
  private long count() {
    long rows =
        collections.stream()
            .flatMap(collection -> collection.rows().stream())
            .mapToLong(ComparisonResult::differences)
            .sum();
    long others =
        collections.stream()
            .mapToLong(
                collection ->
                    collection.description().findings().size()
                        + (collection.obstacle().isEmpty() ? 0 : 1))
            .sum();
    return rows + others + missing.size() + extra.size();
  }

  @Override
  public Optional<FerryException> failure() {
    long differences = count();
    return differences == 0
        ? Optional.empty()
        : Optional.of(
            new FerryException(
                ErrorCode.ROWS_DIFFER,
                "the two sides differ: %d %s"
                    .formatted(differences, differences == 1 ? "finding" : "findings"),
                rest.map(file -> "The findings name each difference; the rest is in " + file)
                    .orElse("The findings name each difference."),
                null));
  }
}
