package io.milvusferry.importer;

import io.milvusferry.importer.Feature.Substitute;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FunctionSpec;
import io.milvusferry.manifest.LoadState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Takes the description of a collection apart into the least that any server makes, and what it
 * wants beyond that.
 */
final class Features {
  private static final String LEAST_LEVEL = "Strong";

  private final CollectionDescription wanted;
  private final FieldFeatures fields;
  private final List<Feature> features = new ArrayList<>();

  private Features(CollectionDescription wanted, Predicate<FieldSpec> hasNulls) {
    this.wanted = wanted;
    this.fields = new FieldFeatures(wanted, hasNulls);
  }

  /** A collection with nothing but its key. */
  static CollectionDescription least(CollectionDescription wanted) {
    return new CollectionDescription(
        new CollectionName(CollectionName.DEFAULT_DATABASE, "x"),
        "",
        new CollectionSchema(false, List.of(FieldFeatures.plain(wanted.schema().primaryKey()))),
        List.of(),
        List.of(),
        0,
        List.of(),
        new TreeMap<>(),
        1,
        LEAST_LEVEL,
        LoadState.NOT_LOADED,
        0,
        List.of());
  }

  /**
   * Everything beyond that, in an order in which each stands on those before it.
   *
   * @param hasNulls whether a row has no value for a nullable field
   */
  static List<Feature> of(CollectionDescription wanted, Predicate<FieldSpec> hasNulls) {
    return new Features(wanted, hasNulls).list();
  }

  private List<Feature> list() {
    CollectionSchema schema = wanted.schema();
    features.add(
        Feature.needed(
            Refusal.WHOLE,
            "the name " + wanted.name().name(),
            description -> description.withName(wanted.name())));
    schema.fields().stream()
        .filter(field -> !field.primaryKey() && !field.functionOutput())
        .map(fields::itself)
        .forEach(features::add);
    if (schema.enableDynamicField()) {
      features.add(
          Feature.needed(
              "schema.enableDynamicField",
              "a dynamic field",
              description ->
                  description.withSchema(
                      new CollectionSchema(
                          true, description.schema().fields(), description.schema().functions()))));
    }
    schema.fields().forEach(field -> features.addAll(fields.attributes(field)));
    schema.functions().forEach(this::function);
    settings();
    wanted.properties().forEach(this::property);
    wanted.indexes().forEach(index -> features.add(IndexFeature.of(wanted, index)));
    return features;
  }

  /** A function with the fields that it fills; those in the archive are none of a row's. */
  private void function(FunctionSpec function) {
    List<String> more = new ArrayList<>();
    function.outputs().forEach(output -> more.add("schema.fields." + output));
    more.add("schema.order");
    features.add(
        new Feature(
            "schema.functions." + function.name(),
            more,
            "function %s (%s)".formatted(function.name(), function.type()),
            description -> withFunction(description, function),
            List.of(),
            () -> Optional.of("it is left out, with the fields that it fills")));
  }

  private CollectionDescription withFunction(
      CollectionDescription description, FunctionSpec function) {
    CollectionSchema schema = description.schema();
    if (!function.inputs().stream().allMatch(name -> schema.field(name).isPresent())) {
      return description;
    }
    CollectionDescription filled = description;
    for (FieldSpec field : wanted.schema().fields()) {
      if (function.outputs().contains(field.name())) {
        filled =
            fields.with(
                filled,
                FieldFeatures.plain(field).withText(field.typeParams(), field.description()));
      }
    }
    List<FunctionSpec> functions = new ArrayList<>(schema.functions());
    functions.add(function);
    return filled.withSchema(
        new CollectionSchema(schema.enableDynamicField(), filled.schema().fields(), functions));
  }

  private void settings() {
    if (!wanted.description().isEmpty()) {
      features.add(
          Feature.wanted(
              "settings.description",
              "the description",
              description -> description.withDescription(wanted.description()),
              "it is left out"));
    }
    if (wanted.shards() > 1) {
      List<Substitute> fewer = new ArrayList<>();
      for (int shards = wanted.shards() / 2; shards > 1; shards /= 2) {
        int some = shards;
        fewer.add(new Substitute(one -> one.withShards(some), "it has " + some));
      }
      features.add(
          new Feature(
              "settings.shards",
              List.of(),
              wanted.shards() + " shards",
              description -> description.withShards(wanted.shards()),
              fewer,
              () -> Optional.of("it has 1")));
    }
    if (!wanted.consistencyLevel().equals(LEAST_LEVEL)) {
      features.add(
          new Feature(
              "settings.consistencyLevel",
              List.of(),
              "consistency level " + wanted.consistencyLevel(),
              description -> description.withConsistencyLevel(wanted.consistencyLevel()),
              List.of(new Substitute(one -> one.withConsistencyLevel("Bounded"), "it is Bounded")),
              () -> Optional.of("it is " + LEAST_LEVEL)));
    }
  }

  private void property(String key, String value) {
    features.add(
        Feature.wanted(
            "properties." + key,
            "property %s=%s".formatted(key, value),
            description -> {
              SortedMap<String, String> properties = new TreeMap<>(description.properties());
              properties.put(key, value);
              return description.withProperties(properties);
            },
            "it is left out"));
  }
}
