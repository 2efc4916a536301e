package io.milvusferry.importer;

import io.milvusferry.connector.CollectionTarget;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.LoadState;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Collections that are made for a moment to learn something of the server. Each is in the journal
 * from before it is made until it is dropped, so that after a crash the next run drops it.
 */
final class ProbeCollections {
  private static final String PREFIX = "ferry_probe_";

  private final ImportContext context;
  private int made;

  ProbeCollections(ImportContext context) {
    this.context = context;
  }

  /** As {@link #during(String, Function)}, with any name. */
  <T> T during(Function<CollectionName, T> use) {
    return during("", use);
  }

  /**
   * Gives out a name that nothing has, in the default database, and drops what was made under it;
   * after a failure too, or else the next run does.
   *
   * @param like a name whose characters the name ends with, and which is not longer than it
   * @param use makes the collection and learns something of it
   */
  <T> T during(String like, Function<CollectionName, T> use) {
    CollectionName name = next(like);
    T learned;
    try {
      learned = use.apply(name);
    } catch (FerryException e) {
      try {
        drop(name);
      } catch (FerryException leftForTheNextRun) {
        e.addSuppressed(leftForTheNextRun);
      }
      throw e;
    }
    drop(name);
    return learned;
  }

  private CollectionName next(String like) {
    made++;
    String start = "%s%s_%d_".formatted(PREFIX, context.journal().importId(), made);
    String name = start + (like.length() <= start.length() ? like : like.substring(start.length()));
    context.journal().probing(name);
    return collection(name);
  }

  /** A collection with that schema and nothing else. */
  static CollectionDescription description(CollectionName name, CollectionSchema schema) {
    return new CollectionDescription(
        name,
        "made by ferry for a moment",
        schema,
        List.of(),
        List.of("_default"),
        0,
        List.of(),
        new TreeMap<>(),
        1,
        "Strong",
        LoadState.NOT_LOADED,
        0,
        List.of());
  }

  /** Drops one that was made, or was about to be. */
  private void drop(CollectionName name) {
    CollectionTarget probe = context.server().target(name);
    if (probe.exists()) {
      probe.drop();
    }
    context.journal().probeGone(name.name());
  }

  /** Drops what earlier runs left behind. */
  void clean() {
    for (String left : context.journal().probes()) {
      drop(collection(left));
    }
  }

  private static CollectionName collection(String name) {
    return new CollectionName(CollectionName.DEFAULT_DATABASE, name);
  }
}
