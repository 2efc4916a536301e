package io.milvusferry.importer;

import com.google.gson.JsonObject;
import io.milvusferry.manifest.CollectionName;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What a journal of imports says of collections, each under the name that it has by now. */
final class JournaledCollections {
  private final Map<CollectionName, CollectionProgress> collections = new TreeMap<>();

  /** What is known of a collection; nothing at first. */
  CollectionProgress progress(CollectionName name) {
    return collections.computeIfAbsent(name, CollectionProgress::new);
  }

  /** By name. */
  Map<CollectionName, CollectionProgress> byName() {
    return Map.copyOf(collections);
  }

  /** All that anything is known of, sorted by name. */
  List<CollectionProgress> all() {
    return List.copyOf(collections.values());
  }

  /** Takes note of a record about a collection. */
  void apply(JsonObject record) {
    String type = record.get("type").getAsString();
    CollectionName name = name(record, "name");
    switch (type) {
      case "published", "reverted" -> rename(name, name(record, "as"), type.equals("published"));
      default -> progress(name).apply(type, record);
    }
  }

  private static CollectionName name(JsonObject record, String member) {
    return new CollectionName(
        record.get("database").getAsString(), record.get(member).getAsString());
  }

  private void rename(CollectionName from, CollectionName to, boolean published) {
    CollectionProgress moved = Objects.requireNonNull(collections.remove(from));
    moved.renamed(to, published);
    collections.put(to, moved);
  }
}
