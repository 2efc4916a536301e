package io.milvusferry.manifest;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Everything about a collection but its rows: what a target needs to make the same one.
 *
 * @param aliases sorted; empty also where the source cannot list them
 * @param properties sorted by key
 * @param partitions names in the order of their creation, {@code _default} among them; empty for
 *     collections with a partition key, whose partitions the server manages
 * @param partitionCount how many partitions a partition-key collection has; else 0
 * @param consistencyLevel such as {@code Bounded}, in Milvus' words
 * @param replicas 0 where not loaded
 */
public record CollectionDescription(
    CollectionName name,
    String description,
    CollectionSchema schema,
    List<IndexSpec> indexes,
    List<String> partitions,
    int partitionCount,
    List<String> aliases,
    SortedMap<String, String> properties,
    int shards,
    String consistencyLevel,
    LoadState loadState,
    int replicas,
    List<String> resourceGroups) {
  public CollectionDescription {
    indexes = List.copyOf(indexes);
    partitions = List.copyOf(partitions);
    aliases = List.copyOf(aliases);
    properties = Collections.unmodifiableSortedMap(new TreeMap<>(properties));
    resourceGroups = List.copyOf(resourceGroups);
  }

  /**
   * The vector fields, also those inside of structs, that no index covers; a collection with such a
   * field cannot be loaded.
   */
  public List<FieldSpec> vectorsWithoutIndex() {
    return schema.indexable().stream()
        .filter(field -> field.type().isVector())
        .filter(field -> indexes.stream().noneMatch(index -> index.field().equals(field.name())))
        .toList();
  }

  /** The same under another name. */
  public CollectionDescription withName(CollectionName other) {
    return changed(draft -> draft.name = other);
  }

  /** The same with another text. */
  public CollectionDescription withDescription(String other) {
    return changed(draft -> draft.description = other);
  }

  /** The same with another schema. */
  public CollectionDescription withSchema(CollectionSchema other) {
    return changed(draft -> draft.schema = other);
  }

  /** The same with other indexes. */
  public CollectionDescription withIndexes(List<IndexSpec> other) {
    return changed(draft -> draft.indexes = other);
  }

  /** The same with other partitions. */
  public CollectionDescription withPartitions(List<String> other) {
    return changed(draft -> draft.partitions = other);
  }

  /** The same with another number of partitions for its partition key. */
  public CollectionDescription withPartitionCount(int other) {
    return changed(draft -> draft.partitionCount = other);
  }

  /** The same with other aliases. */
  public CollectionDescription withAliases(List<String> other) {
    return changed(draft -> draft.aliases = other);
  }

  /** The same with other properties. */
  public CollectionDescription withProperties(SortedMap<String, String> other) {
    return changed(draft -> draft.properties = other);
  }

  /** The same with another number of shards. */
  public CollectionDescription withShards(int other) {
    return changed(draft -> draft.shards = other);
  }

  /** The same with another consistency level. */
  public CollectionDescription withConsistencyLevel(String other) {
    return changed(draft -> draft.consistencyLevel = other);
  }

  /** The same in another load state. */
  public CollectionDescription withLoadState(LoadState state, int replicaNumber) {
    return changed(
        draft -> {
          draft.loadState = state;
          draft.replicas = replicaNumber;
        });
  }

  private CollectionDescription changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.done();
  }

  /** A description while it is changed. */
  private static final class Draft {
    private CollectionName name;
    private String description;
    private CollectionSchema schema;
    private List<IndexSpec> indexes;
    private List<String> partitions;
    private int partitionCount;
    private List<String> aliases;
    private SortedMap<String, String> properties;
    private int shards;
    private String consistencyLevel;
    private LoadState loadState;
    private int replicas;
    private final List<String> resourceGroups;

    Draft(CollectionDescription from) {
      name = from.name;
      description = from.description;
      schema = from.schema;
      indexes = from.indexes;
      partitions = from.partitions;
      partitionCount = from.partitionCount;
      aliases = from.aliases;
      properties = from.properties;
      shards = from.shards;
      consistencyLevel = from.consistencyLevel;
      loadState = from.loadState;
      replicas = from.replicas;
      resourceGroups = from.resourceGroups;
    }

    CollectionDescription done() {
      return new CollectionDescription(
          name,
          description,
          schema,
          indexes,
          partitions,
          partitionCount,
          aliases,
          properties,
          shards,
          consistencyLevel,
          loadState,
          replicas,
          resourceGroups);
    }
  }
}
