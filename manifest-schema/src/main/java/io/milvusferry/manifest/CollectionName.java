package io.milvusferry.manifest;

/**
 * The name of a collection together with its database.
 *
 * @param database {@code default} where the server has only one
 */
public record CollectionName(String database, String name) implements Comparable<CollectionName> {
  public static final String DEFAULT_DATABASE = "default";

  public CollectionName {
    if (database.isEmpty() || name.isEmpty()) {
      throw new IllegalArgumentException("empty name: '" + database + "." + name + "'");
    }
  }

  @Override
  public int compareTo(CollectionName other) {
    int byDatabase = database.compareTo(other.database);
    return byDatabase != 0 ? byDatabase : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return database + "." + name;
  }
}
