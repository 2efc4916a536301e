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
   * @param deviations hears what is kept differently
   */
  static CollectionDescription of(
      CollectionEntry entry, CollectionName name, AutoId autoId, List<Deviation> deviations) {
    CollectionDescription source = entry.description();
    if (!name.equals(entry.name()) && !source.aliases().isEmpty()) {
      deviations.add(
          Deviation.asked(
              "aliases",
              "the collection goes under another name",
              "aliases %s are left alone".formatted(source.aliases())));
      source = source.withAliases(List.of());
    }
    Set<String> groups = Set.copyOf(source.resourceGroups());
    if (!groups.isEmpty() && !groups.equals(Set.of(DEFAULT_RESOURCE_GROUP))) {
      deviations.add(
          Deviation.of(
              "settings.resourceGroups",
              "resource groups %s are the source cluster's".formatted(source.resourceGroups()),
              "the target's default one serves the collection"));
    }
    if (!source.schema().primaryKey().autoId()) {
      return source.withName(name);
    }
    String path = "schema.fields.%s.autoId".formatted(source.schema().primaryKey().name());
    if (autoId == AutoId.NEW_KEYS) {
      deviations.add(
          Deviation.asked(
              path,
              "keys of the source are not kept",
              "the target makes new ones; rows are inserted, and compared without their keys"));
      return source.withName(name);
    }
    deviations.add(
        Deviation.of(
            path,
            "a server that makes keys does not take given ones",
            "autoID is off, and applications must send keys"));
    return source.withName(name).withSchema(withoutAutoId(source.schema()));
  }

  private static CollectionSchema withoutAutoId(CollectionSchema schema) {
    List<FieldSpec> fields = new ArrayList<>();
    for (FieldSpec field : schema.fields()) {
      fields.add(field.primaryKey() ? field.asPrimaryKey(false) : field);
    }
    return schema.withFields(fields);
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
