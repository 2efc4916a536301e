package io.milvusferry.importer;

import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a collection of the archive is to be at the target. */
final class TargetDescription {
  private static final String DEFAULT_RESOURCE_GROUP = "__default_resource_group";

  /** Properties that delete rows or slow their loading down; they are set when all is done. */
  private static final List<String> LATE_PROPERTIES =
      List.of(
          "collection.ttl.seconds",
          "collection.insertRate.",
          "collection.upsertRate.",
          "collection.deleteRate.",
          "collection.bulkLoadRate.",
          "collection.queryRate.",
          "collection.searchRate.",
          "collection.diskProtection.");

  private TargetDescription() {}

  /**
   * The description under its new name, with automatic keys off where keys are kept.
   *
   * @param deviations hears what is kept differently, one sentence each
   */
  static CollectionDescription of(
      CollectionEntry entry, CollectionName name, AutoId autoId, List<String> deviations) {
    CollectionDescription source = entry.description();
    if (!name.equals(entry.name()) && !source.aliases().isEmpty()) {
      deviations.add(
          "aliases %s are left alone, since the collection goes under another name"
              .formatted(source.aliases()));
      source = source.withAliases(List.of());
    }
    Set<String> groups = Set.copyOf(source.resourceGroups());
    if (!groups.isEmpty() && !groups.equals(Set.of(DEFAULT_RESOURCE_GROUP))) {
      deviations.add("resource groups %s are not kept".formatted(source.resourceGroups()));
    }
    if (!source.schema().primaryKey().autoId()) {
      return source.withName(name);
    }
    if (autoId == AutoId.NEW_KEYS) {
      deviations.add(
          "the target makes new keys; rows are inserted, and compared without their keys");
      return source.withName(name);
    }
    deviations.add("keys are kept, so autoID is off at the target: applications must send keys");
    return source.withName(name).withSchema(withoutAutoId(source.schema()));
  }

  private static CollectionSchema withoutAutoId(CollectionSchema schema) {
    List<FieldSpec> fields = new ArrayList<>();
    for (FieldSpec field : schema.fields()) {
      fields.add(field.primaryKey() ? field.asPrimaryKey(false) : field);
    }
    return new CollectionSchema(schema.enableDynamicField(), fields);
  }

  /** Properties to make the collection with. */
  static SortedMap<String, String> earlyProperties(CollectionDescription description) {
    return properties(description, false);
  }

  /** Properties to set after the comparison. */
  static SortedMap<String, String> lateProperties(CollectionDescription description) {
    return properties(description, true);
  }

  private static SortedMap<String, String> properties(
      CollectionDescription description, boolean late) {
    SortedMap<String, String> chosen = new TreeMap<>();
    description
        .properties()
        .forEach(
            (key, value) -> {
              if (LATE_PROPERTIES.stream().anyMatch(key::startsWith) == late) {
                chosen.put(key, value);
              }
            });
    return chosen;
  }
}
