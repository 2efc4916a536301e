package io.milvusferry.importer;

import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.FieldSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** What the fields of a collection want of a server, each by itself. */
final class FieldFeatures {
  /** Without these a type is none. */
  private static final Set<String> OF_THE_TYPE = Set.of("dim", "max_length", "max_capacity");

  /** What functions and text filters stand on. */
  private static final Set<String> OF_THE_ANALYZER =
      Set.of("enable_analyzer", "analyzer_params", "multi_analyzer_params", "enable_match");

  private final CollectionDescription wanted;
  private final Predicate<FieldSpec> hasNulls;

  /**
   * @param hasNulls whether a row has no value for a nullable field
   */
  FieldFeatures(CollectionDescription wanted, Predicate<FieldSpec> hasNulls) {
    this.wanted = wanted;
    this.hasNulls = hasNulls;
  }

  /** That the field is there, with its type and nothing more. */
  Feature itself(FieldSpec field) {
    return Feature.needed(
        path(field),
        "field %s of type %s".formatted(field.name(), field.typeText()),
        description -> with(description, plain(field)));
  }

  /** What it wants beyond its type; nothing for what a function fills. */
  List<Feature> attributes(FieldSpec field) {
    List<Feature> features = new ArrayList<>();
    if (field.functionOutput()) {
      return features;
    }
    String of = " of field " + field.name();
    if (field.partitionKey()) {
      features.add(
          Feature.needed(
              path(field) + ".partitionKey",
              "the partition key " + field.name(),
              changing(field, (present, asked) -> present.asPartitionKey())));
      if (wanted.partitionCount() > 0) {
        features.add(
            Feature.wanted(
                "partitionCount",
                "%d partitions for the partition key".formatted(wanted.partitionCount()),
                description -> description.withPartitionCount(wanted.partitionCount()),
                "the server makes as many as it likes"));
      }
    }
    if (field.clusteringKey()) {
      features.add(
          Feature.wanted(
              path(field) + ".clusteringKey",
              "the clustering key " + field.name(),
              changing(field, (present, asked) -> present.asClusteringKey()),
              "the field is no clustering key"));
    }
    if (field.nullable()) {
      features.add(
          new Feature(
              path(field) + ".nullable",
              List.of(),
              "that field %s may be null".formatted(field.name()),
              changing(field, (present, asked) -> present.withNulls(true)),
              List.of(),
              () ->
                  hasNulls.test(field)
                      ? Optional.empty()
                      : Optional.of("no row is null, and the field is not nullable")));
    }
    if (field.defaultValue() != null) {
      features.add(
          Feature.wanted(
              path(field) + ".default",
              "the default value" + of,
              changing(field, (present, asked) -> present.withDefault(asked.defaultValue())),
              "the field has none; every row brings its own value"));
    }
    if (!field.description().isEmpty()) {
      features.add(
          Feature.wanted(
              path(field) + ".description",
              "the description" + of,
              changing(
                  field,
                  (present, asked) -> present.withText(present.typeParams(), asked.description())),
              "it is left out"));
    }
    analyzer(field).ifPresent(features::add);
    field.members().forEach(member -> features.addAll(member(field, member)));
    field.typeParams().keySet().stream()
        .filter(key -> !OF_THE_TYPE.contains(key) && !OF_THE_ANALYZER.contains(key))
        .forEach(
            key ->
                features.add(
                    Feature.wanted(
                        path(field) + ".typeParams." + key,
                        "parameter " + key + of,
                        changing(
                            field, (present, asked) -> withParams(present, asked, Set.of(key))),
                        "it is left out")));
    return features;
  }

  /** What a member of structs wants beyond its type. */
  private List<Feature> member(FieldSpec struct, FieldSpec member) {
    List<Feature> features = new ArrayList<>();
    String of = " of member %s of field %s".formatted(member.name(), struct.name());
    String path = "%s.fields.%s".formatted(path(struct), member.name());
    if (!member.description().isEmpty()) {
      features.add(
          Feature.wanted(
              path + ".description",
              "the description" + of,
              changing(
                  struct,
                  member,
                  present -> present.withText(present.typeParams(), member.description())),
              "it is left out"));
    }
    member.typeParams().keySet().stream()
        .filter(key -> !OF_THE_TYPE.contains(key))
        .forEach(
            key ->
                features.add(
                    Feature.wanted(
                        path + ".typeParams." + key,
                        "parameter " + key + of,
                        changing(
                            struct, member, present -> withParams(present, member, Set.of(key))),
                        "it is left out")));
    return features;
  }

  private UnaryOperator<CollectionDescription> changing(
      FieldSpec struct, FieldSpec member, UnaryOperator<FieldSpec> how) {
    return changing(
        struct,
        (present, asked) ->
            present.withMembers(
                present.members().stream()
                    .map(each -> each.name().equals(member.name()) ? how.apply(each) : each)
                    .toList()));
  }

  private Optional<Feature> analyzer(FieldSpec field) {
    return field.typeParams().keySet().stream().anyMatch(OF_THE_ANALYZER::contains)
        ? Optional.of(
            Feature.needed(
                path(field) + ".typeParams",
                "the analyzer of field " + field.name(),
                changing(field, (present, asked) -> withParams(present, asked, OF_THE_ANALYZER))))
        : Optional.empty();
  }

  private UnaryOperator<CollectionDescription> changing(
      FieldSpec field, BinaryOperator<FieldSpec> how) {
    return description ->
        description.schema().fields().stream()
            .filter(present -> present.name().equals(field.name()))
            .findFirst()
            .map(present -> with(description, how.apply(present, field)))
            .orElse(description);
  }

  /** Adds or replaces a field; the order is that of the collection. */
  CollectionDescription with(CollectionDescription description, FieldSpec field) {
    List<FieldSpec> fields = new ArrayList<>();
    for (FieldSpec each : wanted.schema().fields()) {
      if (each.name().equals(field.name())) {
        fields.add(field);
      } else {
        description.schema().fields().stream()
            .filter(present -> present.name().equals(each.name()))
            .forEach(fields::add);
      }
    }
    return description.withSchema(description.schema().withFields(fields));
  }

  private static FieldSpec withParams(FieldSpec field, FieldSpec wanted, Set<String> keys) {
    SortedMap<String, String> params = new TreeMap<>(field.typeParams());
    params.putAll(chosen(wanted.typeParams(), keys));
    return field.withText(params, field.description());
  }

  private static String path(FieldSpec field) {
    return "schema.fields." + field.name();
  }

  /** A field of its type and nothing more. */
  static FieldSpec plain(FieldSpec field) {
    return new FieldSpec(
        0,
        field.name(),
        field.type(),
        field.elementType(),
        field.primaryKey(),
        field.autoId(),
        false,
        false,
        false,
        null,
        chosen(field.typeParams(), OF_THE_TYPE),
        "",
        field.functionOutput(),
        field.members().stream().map(FieldFeatures::plain).toList());
  }

  private static SortedMap<String, String> chosen(SortedMap<String, String> all, Set<String> keys) {
    SortedMap<String, String> chosen = new TreeMap<>(all);
    chosen.keySet().retainAll(keys);
    return chosen;
  }
}
