package io.milvusferry.importer;

import io.milvusferry.connector.MilvusServer;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.DatabaseEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Properties of the databases that collections come from, and what a target keeps of them. */
final class DatabaseProperties {
  private DatabaseProperties() {}

  /** Those of the collection's database at the source. */
  static SortedMap<String, String> of(ArchiveContents archive, CollectionEntry entry) {
    return archive.manifest().databases().stream()
        .filter(database -> database.name().equals(entry.name().database()))
        .map(DatabaseEntry::properties)
        .findFirst()
        .orElseGet(TreeMap::new);
  }

  /**
   * What becomes of them where they cannot be kept: a database that is there stays as it is.
   *
   * @param there whether the target has the database
   */
  static List<Deviation> deviations(
      MilvusServer server, String database, boolean there, SortedMap<String, String> wanted) {
    List<Deviation> deviations = new ArrayList<>();
    if (wanted.isEmpty()) {
      return deviations;
    }
    var known = server.databaseProperties(there ? database : CollectionName.DEFAULT_DATABASE);
    TreeSet<String> keys = new TreeSet<>(wanted.keySet());
    known.filter(present -> there).ifPresent(present -> keys.addAll(present.keySet()));
    for (String key : keys) {
      String value = wanted.getOrDefault(key, "");
      if (known.isEmpty()) {
        deviations.add(
            Deviation.of(
                path(key),
                "the target keeps no properties of databases",
                "%s=%s is left out".formatted(key, value)));
      } else if (there && !value.equals(known.get().getOrDefault(key, ""))) {
        deviations.add(
            Deviation.of(
                path(key),
                "database %s is there with another value than '%s'".formatted(database, value),
                "it stays '%s'".formatted(known.get().getOrDefault(key, ""))));
      }
    }
    return deviations;
  }

  private static String path(String key) {
    return "database.properties." + key;
  }
}
