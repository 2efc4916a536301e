package io.milvusferry.importer;

import io.milvusferry.importer.Feature.Substitute;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FunctionSpec;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.manifest.LoadState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Takes the description of a collection apart into the least that any server makes, and what it
 * wants beyond that.
 */
final class Features {
  /** Without these a type is none. */
  private static final Set<String> OF_THE_TYPE = Set.of("dim", "max_length", "max_capacity");

  /** What functions and text filters stand on. */
  private static final Set<String> OF_THE_ANALYZER =
      Set.of("enable_analyzer", "analyzer_params", "multi_analyzer_params", "enable_match");

  private static final String LEAST_LEVEL = "Strong";

  private final CollectionDescription wanted;
  private final Predicate<FieldSpec> hasNulls;
  private final List<Feature> features = new ArrayList<>();

  private Features(CollectionDescription wanted, Predicate<FieldSpec> hasNulls) {
    this.wanted = wanted;
    this.hasNulls = hasNulls;
  }

  /** A collection with nothing but its key. */
  static CollectionDescription least(CollectionDescription wanted) {
    return new CollectionDescription(
        new CollectionName(CollectionName.DEFAULT_DATABASE, "x"),
        "",
        new CollectionSchema(false, List.of(plain(wanted.schema().primaryKey()))),
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
        .forEach(this::field);
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
    schema.fields().forEach(this::attributes);
    schema.functions().forEach(this::function);
    settings();
    wanted.properties().forEach(this::property);
    wanted.indexes().forEach(this::index);
    return features;
  }

  private void field(FieldSpec field) {
    features.add(
        Feature.needed(
            path(field),
            "field %s of type %s".formatted(field.name(), typeName(field)),
            description -> withField(description, plain(field))));
  }

  private void attributes(FieldSpec field) {
    if (field.functionOutput()) {
      return;
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
    analyzer(field);
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
  }

  private void analyzer(FieldSpec field) {
    if (field.typeParams().keySet().stream().anyMatch(OF_THE_ANALYZER::contains)) {
      features.add(
          Feature.needed(
              path(field) + ".typeParams",
              "the analyzer of field " + field.name(),
              changing(field, (present, asked) -> withParams(present, asked, OF_THE_ANALYZER))));
    }
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
        filled = withField(filled, plain(field).withText(field.typeParams(), field.description()));
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

  private void index(IndexSpec index) {
    Optional<FieldSpec> field =
        wanted.schema().fields().stream()
            .filter(each -> each.name().equals(index.field()))
            .findFirst();
    boolean vector = field.filter(each -> each.type().isVector()).isPresent();
    List<Substitute> others = new ArrayList<>();
    for (String type : substitutes(field, vector)) {
      others.add(
          new Substitute(
              with(
                  new IndexSpec(
                      index.field(), index.name(), type, index.metric(), new TreeMap<>())),
              type.isEmpty() ? "the server chooses one" : "it is " + type));
    }
    features.add(
        new Feature(
            "indexes." + index.field(),
            List.of(),
            "index %s of field %s".formatted(index.type(), index.field()),
            with(index),
            others,
            () -> vector ? Optional.empty() : Optional.of("the field has no index")));
  }

  private static List<String> substitutes(Optional<FieldSpec> field, boolean vector) {
    if (!vector) {
      return List.of("", "INVERTED");
    }
    return switch (field.orElseThrow().type()) {
      case BINARY_VECTOR -> List.of("AUTOINDEX", "BIN_FLAT");
      case SPARSE_FLOAT_VECTOR -> List.of("AUTOINDEX", "SPARSE_INVERTED_INDEX");
      default -> List.of("AUTOINDEX", "FLAT");
    };
  }

  /** Asks for an index, where its field is. */
  private static UnaryOperator<CollectionDescription> with(IndexSpec index) {
    return description -> {
      boolean there =
          description.schema().fields().stream()
              .anyMatch(field -> field.name().equals(index.field()));
      List<IndexSpec> indexes = new ArrayList<>(description.indexes());
      indexes.add(index);
      return there || index.field().startsWith(FieldSpec.DYNAMIC)
          ? description.withIndexes(indexes)
          : description;
    };
  }

  private UnaryOperator<CollectionDescription> changing(
      FieldSpec field, BinaryOperator<FieldSpec> how) {
    return description ->
        description.schema().fields().stream()
            .filter(present -> present.name().equals(field.name()))
            .findFirst()
            .map(present -> withField(description, how.apply(present, field)))
            .orElse(description);
  }

  /** Adds or replaces a field; the order is that of the collection. */
  private CollectionDescription withField(CollectionDescription description, FieldSpec field) {
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

  private static String typeName(FieldSpec field) {
    return field.elementType() == null
        ? field.type().name()
        : "%s of %s".formatted(field.type(), field.elementType());
  }

  /** A field of its type and nothing more. */
  private static FieldSpec plain(FieldSpec field) {
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
        field.functionOutput());
  }

  private static SortedMap<String, String> chosen(SortedMap<String, String> all, Set<String> keys) {
    SortedMap<String, String> chosen = new TreeMap<>(all);
    chosen.keySet().retainAll(keys);
    return chosen;
  }
}
