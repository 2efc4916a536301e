package io.milvusferry.importer;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.importer.Feature.Substitute;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.verify.DescriptionComparison;
import io.milvusferry.verify.DescriptionFinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Fits the description of a collection to what the target takes. Nothing is taken from a version:
 * the server is asked for all of it at once, and only where it refuses, or makes something else of
 * it than it was asked for, which part that is.
 */
final class Adaptation {
  /** What says nothing about what a server can do. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "aliases",
          "partitions",
          "settings.loadState",
          "settings.replicas",
          "settings.resourceGroups");

  /** The order of fields, or of the members of structs, which have their names. */
  private static final Pattern ORDER = Pattern.compile("schema(\\.fields\\.[^.]+)?\\.order");

  private final Rehearsal rehearsal;
  private final CollectionDescription wanted;
  private final List<Feature> features;
  private final List<Deviation> deviations = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private CollectionDescription accepted;

  /**
   * What the target is to be.
   *
   * @param target what it is asked for
   * @param made what becomes of it, as the server describes it
   */
  record Adapted(
      CollectionDescription target,
      CollectionDescription made,
      List<Deviation> deviations,
      List<Refusal> refusals) {
    Adapted {
      deviations = List.copyOf(deviations);
      refusals = List.copyOf(refusals);
    }
  }

  private Adaptation(
      Rehearsal rehearsal, CollectionDescription wanted, Predicate<FieldSpec> hasNulls) {
    this.rehearsal = rehearsal;
    this.wanted = wanted;
    this.features = Features.of(wanted, hasNulls);
    this.accepted = Features.least(wanted);
  }

  /**
   * @param hasNulls whether a row has no value for a nullable field
   */
  static Adapted of(
      CollectionDescription wanted, Rehearsal rehearsal, Predicate<FieldSpec> hasNulls) {
    return new Adaptation(rehearsal, wanted, hasNulls).adapt();
  }

  private Adapted adapt() {
    CollectionDescription all = with(features);
    if (rehearsal.attempt(all).taken()) {
      accepted = all;
    } else if (rehearsal.confirm(accepted).taken()) {
      take(features);
    } else {
      String key = "schema.fields." + wanted.schema().primaryKey().name();
      refuse(key, "its key", rehearsal.attempt(accepted).refusal());
      return new Adapted(wanted, wanted, deviations, refusals);
    }
    CollectionDescription made = rehearsal.attempt(accepted).made();
    DescriptionComparison.of(accepted, made, ELSEWHERE).findings().forEach(this::otherwise);
    return new Adapted(named(accepted), named(made), deviations, refusals);
  }

  /** Asks for these as well: all at once, or each half by itself if that is refused. */
  private void take(List<Feature> some) {
    CollectionDescription candidate = with(some);
    if (candidate.equals(accepted)) {
      some.stream().filter(feature -> refusals.isEmpty()).forEach(this::baseless);
      return;
    }
    if (some.size() > 1) {
      if (rehearsal.attempt(candidate).taken()) {
        accepted = candidate;
        return;
      }
      int half = some.size() / 2;
      take(some.subList(0, half));
      take(some.subList(half, some.size()));
      return;
    }
    Feature one = some.get(0);
    Rehearsal.Outcome outcome = rehearsal.confirm(candidate);
    if (outcome.taken()) {
      accepted = candidate;
    } else {
      substitute(one, outcome.refusal());
    }
  }

  private void substitute(Feature refused, String words) {
    String what = "%s is refused: %s".formatted(refused.what(), words);
    for (Substitute substitute : refused.substitutes()) {
      CollectionDescription candidate = substitute.add().apply(accepted);
      if (rehearsal.attempt(candidate).taken()) {
        accepted = candidate;
        deviations.add(Deviation.of(refused.path(), what, substitute.instead()));
        return;
      }
    }
    Optional<String> without = refused.without().get();
    if (without.isPresent()) {
      deviations.add(Deviation.of(refused.path(), what, without.get()));
      refused.more().forEach(path -> deviations.add(Deviation.of(path, what, without.get())));
    } else {
      refuse(refused.path(), refused.what(), words);
    }
  }

  /** What it belongs to is left out already. */
  private void baseless(Feature feature) {
    deviations.add(
        Deviation.of(
            feature.path(), feature.what() + " has nothing to stand on", "it is left out"));
  }

  /** The server took it, and made something else of it. */
  private void otherwise(DescriptionFinding finding) {
    String path = finding.path();
    if (finding.expected().isEmpty()) {
      deviations.add(
          Deviation.asked(
              path,
              "nothing is asked for",
              "the target makes it '%s'".formatted(finding.actual())));
      return;
    }
    Optional<Feature> feature =
        features.stream().filter(each -> each.path().equals(path)).findFirst();
    String what = feature.map(Feature::what).orElse("'" + finding.expected() + "'");
    String found = finding.actual().isEmpty() ? "nothing" : "'" + finding.actual() + "'";
    Optional<String> without =
        feature.isPresent()
            ? feature.get().without().get()
            : holdsTheRows(finding) ? Optional.of("it is " + found) : Optional.empty();
    if (without.isPresent()) {
      deviations.add(Deviation.of(path, what + " is not kept", without.get()));
    } else {
      refuse(path, what, "it makes %s of %s".formatted(found, path));
    }
  }

  /** Whether a difference leaves all values of all rows as they are. */
  private static boolean holdsTheRows(DescriptionFinding finding) {
    String path = finding.path();
    if (!path.startsWith("schema.") || ORDER.matcher(path).matches()) {
      return true;
    }
    return path.contains(".typeParams.")
        && (finding.actual().isEmpty() || !isLess(finding.actual(), finding.expected()));
  }

  private static boolean isLess(String actual, String expected) {
    try {
      return Long.parseLong(actual) < Long.parseLong(expected);
    } catch (NumberFormatException noNumber) {
      return false;
    }
  }

  private void refuse(String path, String what, String words) {
    refusals.add(
        new Refusal(
            ErrorCode.TARGET_INCAPABLE,
            path,
            "%s: the target cannot hold %s: %s".formatted(wanted.name(), what, words),
            "Import into a server that can, or leave the collection out with --skip."));
  }

  private CollectionDescription with(List<Feature> some) {
    CollectionDescription candidate = accepted;
    for (Feature feature : some) {
      candidate = feature.add().apply(candidate);
    }
    return candidate;
  }

  /** With everything that was not asked for in a rehearsal. */
  private CollectionDescription named(CollectionDescription fitted) {
    CollectionName name = wanted.name();
    return fitted
        .withName(name)
        .withAliases(wanted.aliases())
        .withPartitions(wanted.partitions())
        .withLoadState(wanted.loadState(), wanted.replicas());
  }
}
