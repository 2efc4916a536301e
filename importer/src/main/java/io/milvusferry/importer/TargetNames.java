package io.milvusferry.importer;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which name each collection gets at the target.
 *
 * @param renames from {@code name} or {@code database.name} to {@code name} or {@code
 *     database.name}; without a database the new name stays where the collection would be anyway
 * @param database the database of all collections whose new name says no other; empty for that of
 *     each
 */
public record TargetNames(Map<String, String> renames, String database) {
  /** Every collection keeps its name. */
  public static final TargetNames SAME = new TargetNames(Map.of(), "");

  public TargetNames {
    renames = Map.copyOf(renames);
  }

  /**
   * The target's name for each of {@code selected}.
   *
   * @throws FerryException {@link ErrorCode#USAGE} when a rename names no selected collection or
   *     more than one, or two collections would get the same name
   */
  public SortedMap<CollectionName, CollectionName> assign(List<CollectionName> selected) {
    SortedMap<CollectionName, CollectionName> names = new TreeMap<>();
    selected.forEach(name -> names.put(name, new CollectionName(database(name), name.name())));
    for (Map.Entry<String, String> rename : new TreeMap<>(renames).entrySet()) {
      List<CollectionName> meant =
          selected.stream()
              .filter(
                  name ->
                      name.toString().equals(rename.getKey())
                          || name.name().equals(rename.getKey()))
              .toList();
      if (meant.size() != 1) {
        throw usage(
            "--rename %s=%s names %s"
                .formatted(
                    rename.getKey(),
                    rename.getValue(),
                    meant.isEmpty() ? "no selected collection" : "several: " + meant),
            "Write database.name on the left, as ferry inspect prints it.");
      }
      names.put(meant.get(0), parse(rename.getValue(), database(meant.get(0))));
    }
    Set<CollectionName> taken = new HashSet<>();
    for (CollectionName target : names.values()) {
      if (!taken.add(target)) {
        throw usage(
            "two collections would become " + target,
            "Give one of them another name with --rename, or leave it out with --skip.");
      }
    }
    return names;
  }

  private String database(CollectionName name) {
    return database.isEmpty() ? name.database() : database;
  }

  private static CollectionName parse(String text, String database) {
    int dot = text.indexOf('.');
    try {
      return dot < 0
          ? new CollectionName(database, text)
          : new CollectionName(text.substring(0, dot), text.substring(dot + 1));
    } catch (IllegalArgumentException e) {
      throw usage(
          "'" + text + "' is no name for a collection", "Write --rename OLD=NEW or OLD=DB.NEW.");
    }
  }

  private static FerryException usage(String message, String hint) {
    return new FerryException(ErrorCode.USAGE, message, hint, null);
  }
}
