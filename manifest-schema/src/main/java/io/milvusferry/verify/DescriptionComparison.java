package io.milvusferry.verify;

import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FunctionSpec;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.verify.DescriptionFinding.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How two descriptions of a collection differ. Names of collections and indexes, ids of fields, and
 * the order of aliases and partitions do not count.
 *
 * @param findings in the order of the description
 * @param declared differences that were announced, such as those that a target cannot avoid
 */
public record DescriptionComparison(
    List<DescriptionFinding> findings, List<DescriptionFinding> declared) {
  public DescriptionComparison {
    findings = List.copyOf(findings);
    declared = List.copyOf(declared);
  }

  /**
   * Compares everything but rows.
   *
   * @param announced paths of findings that are listed apart, such as {@code
   *     schema.fields.id.autoId} or {@code settings.replicas}; a path stands for everything below
   *     it too
   */
  public static DescriptionComparison of(
      CollectionDescription expected, CollectionDescription actual, Set<String> announced) {
    Differences differences = new Differences(expected);
    differences.schema(expected, actual);
    differences.indexes(expected.indexes(), actual.indexes());
    differences.partitions(expected, actual);
    differences.add(
        Kind.ALIASES,
        "aliases",
        new TreeSet<>(expected.aliases()).toString(),
        new TreeSet<>(actual.aliases()).toString());
    differences.maps(Kind.PROPERTIES, "properties", expected.properties(), actual.properties());
    differences.settings(expected, actual);
    Map<Boolean, List<DescriptionFinding>> parted =
        differences.found.stream()
            .collect(Collectors.partitioningBy(finding -> covers(announced, finding.path())));
    return new DescriptionComparison(
        parted.getOrDefault(false, List.of()), parted.getOrDefault(true, List.of()));
  }

  /** Whether nothing differs but what was announced. */
  public boolean equal() {
    return findings.isEmpty();
  }

  /** Whether one part of the descriptions differs in more than was announced. */
  public boolean differs(Kind kind) {
    return findings.stream().anyMatch(finding -> finding.kind() == kind);
  }

  private static boolean covers(Set<String> announced, String path) {
    return announced.stream()
        .anyMatch(prefix -> path.equals(prefix) || path.startsWith(prefix + "."));
  }

  /** Collects what differs. */
  private static final class Differences {
    private final CollectionDescription expected;
    private final List<DescriptionFinding> found = new ArrayList<>();

    Differences(CollectionDescription expected) {
      this.expected = expected;
    }

    void schema(CollectionDescription one, CollectionDescription other) {
      add(
          Kind.SCHEMA,
          "schema.enableDynamicField",
          one.schema().enableDynamicField(),
          other.schema().enableDynamicField());
      Map<String, FieldSpec> left = byName(one.schema().fields());
      Map<String, FieldSpec> right = byName(other.schema().fields());
      for (String name : union(left, right)) {
        String path = "schema.fields." + name;
        FieldSpec field = left.get(name);
        FieldSpec same = right.get(name);
        if (field == null || same == null) {
          add(Kind.SCHEMA, path, type(field), type(same));
        } else {
          field(path, field, same);
        }
      }
      Map<String, String> functions = functions(one);
      Map<String, String> others = functions(other);
      for (String name : union(functions, others)) {
        add(
            Kind.SCHEMA,
            "schema.functions." + name,
            text(functions.get(name)),
            text(others.get(name)));
      }
      List<String> order = one.schema().fields().stream().map(FieldSpec::name).toList();
      List<String> otherOrder = other.schema().fields().stream().map(FieldSpec::name).toList();
      if (left.keySet().equals(right.keySet())) {
        add(Kind.SCHEMA, "schema.order", order, otherOrder);
      }
    }

    private void field(String path, FieldSpec one, FieldSpec other) {
      add(Kind.SCHEMA, path + ".type", type(one), type(other));
      add(Kind.SCHEMA, path + ".primaryKey", one.primaryKey(), other.primaryKey());
      add(Kind.SCHEMA, path + ".autoId", one.autoId(), other.autoId());
      add(Kind.SCHEMA, path + ".partitionKey", one.partitionKey(), other.partitionKey());
      add(Kind.SCHEMA, path + ".clusteringKey", one.clusteringKey(), other.clusteringKey());
      add(Kind.SCHEMA, path + ".nullable", one.nullable(), other.nullable());
      add(Kind.SCHEMA, path + ".default", text(one.defaultValue()), text(other.defaultValue()));
      add(Kind.SCHEMA, path + ".description", one.description(), other.description());
      add(Kind.SCHEMA, path + ".functionOutput", one.functionOutput(), other.functionOutput());
      maps(Kind.SCHEMA, path + ".typeParams", one.typeParams(), other.typeParams());
      if (one.typeText().equals(other.typeText())) {
        members(path, one, other);
      }
    }

    /** What differs inside of structs, where their members have the same names and types. */
    private void members(String path, FieldSpec one, FieldSpec other) {
      Map<String, FieldSpec> right = byName(other.members());
      for (FieldSpec member : one.members()) {
        FieldSpec same = right.get(member.name());
        if (same != null) {
          field(path + ".fields." + member.name(), member, same);
        }
      }
      add(
          Kind.SCHEMA,
          path + ".order",
          one.members().stream().map(FieldSpec::name).toList(),
          other.members().stream().map(FieldSpec::name).toList());
    }

    void indexes(List<IndexSpec> one, List<IndexSpec> other) {
      Map<String, List<IndexSpec>> left = byField(one);
      Map<String, List<IndexSpec>> right = byField(other);
      for (String field : union(left, right)) {
        List<IndexSpec> ours = left.getOrDefault(field, List.of());
        List<IndexSpec> theirs = right.getOrDefault(field, List.of());
        String path = "indexes." + field;
        if (ours.size() == 1 && theirs.size() == 1) {
          add(Kind.INDEXES, path + ".type", ours.get(0).type(), theirs.get(0).type());
          add(Kind.INDEXES, path + ".metric", ours.get(0).metric(), theirs.get(0).metric());
          maps(Kind.INDEXES, path + ".params", ours.get(0).params(), theirs.get(0).params());
        } else {
          add(Kind.INDEXES, path, text(ours), text(theirs));
        }
      }
    }

    void partitions(CollectionDescription one, CollectionDescription other) {
      Set<String> left = new TreeSet<>(one.partitions());
      Set<String> right = new TreeSet<>(other.partitions());
      Set<String> all = new TreeSet<>(left);
      all.addAll(right);
      for (String name : all) {
        add(
            Kind.PARTITIONS,
            "partitions." + name,
            left.contains(name) ? name : "",
            right.contains(name) ? name : "");
      }
      add(Kind.PARTITIONS, "partitionCount", one.partitionCount(), other.partitionCount());
    }

    void settings(CollectionDescription one, CollectionDescription other) {
      add(Kind.SETTINGS, "settings.description", one.description(), other.description());
      add(Kind.SETTINGS, "settings.shards", one.shards(), other.shards());
      add(
          Kind.SETTINGS,
          "settings.consistencyLevel",
          one.consistencyLevel(),
          other.consistencyLevel());
      add(Kind.SETTINGS, "settings.loadState", one.loadState(), other.loadState());
      add(Kind.SETTINGS, "settings.replicas", one.replicas(), other.replicas());
      add(
          Kind.SETTINGS,
          "settings.resourceGroups",
          new TreeSet<>(one.resourceGroups()),
          new TreeSet<>(other.resourceGroups()));
    }

    void maps(Kind kind, String path, Map<String, String> one, Map<String, String> other) {
      for (String key : union(one, other)) {
        String left = text(one.get(key));
        String right = text(other.get(key));
        if (!sameJson(left, right)) {
          add(kind, path + "." + key, left, right);
        }
      }
    }

    /** Whether both are the same JSON object: servers store its text, or write it anew. */
    private static boolean sameJson(String one, String other) {
      if (!one.startsWith("{") || !other.startsWith("{")) {
        return false;
      }
      try {
        return JsonParser.parseString(one).equals(JsonParser.parseString(other));
      } catch (JsonParseException notJson) {
        return false;
      }
    }

    void add(Kind kind, String path, Object one, Object other) {
      if (!one.equals(other)) {
        found.add(
            new DescriptionFinding(kind, expected.name(), path, one.toString(), other.toString()));
      }
    }

    private static Map<String, String> functions(CollectionDescription one) {
      return one.schema().functions().stream()
          .collect(
              Collectors.toMap(
                  FunctionSpec::name,
                  function ->
                      "%s of %s into %s %s"
                          .formatted(
                              function.type(),
                              function.inputs(),
                              function.outputs(),
                              function.params()),
                  (a, b) -> a,
                  TreeMap::new));
    }

    private static Map<String, FieldSpec> byName(List<FieldSpec> fields) {
      return fields.stream()
          .collect(Collectors.toMap(FieldSpec::name, field -> field, (a, b) -> a, TreeMap::new));
    }

    private static Map<String, List<IndexSpec>> byField(List<IndexSpec> indexes) {
      return indexes.stream()
          .collect(Collectors.groupingBy(IndexSpec::field, TreeMap::new, Collectors.toList()));
    }

    private static Set<String> union(Map<String, ?> one, Map<String, ?> other) {
      Set<String> keys = new TreeSet<>(one.keySet());
      keys.addAll(other.keySet());
      return keys;
    }

    private static String type(@org.jspecify.annotations.Nullable FieldSpec field) {
      return field == null ? "" : field.typeText();
    }

    private static String text(@org.jspecify.annotations.Nullable String value) {
      return value == null ? "" : value;
    }

    /** Indexes of one field, without their names. */
    private static String text(List<IndexSpec> indexes) {
      return indexes.stream()
          .map(index -> "%s %s %s".formatted(index.type(), index.metric(), index.params()))
          .sorted()
          .collect(Collectors.joining("; "));
    }
  }
}
