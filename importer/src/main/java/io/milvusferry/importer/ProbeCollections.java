package io.milvusferry.importer;

import io.milvusferry.connector.CollectionTarget;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.LoadState;
import java.util.List;
import java.util.TreeMap;

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

  /** A name that nothing has, in the default database. */
  CollectionName next() {
    return next("");
  }

  /**
   * A name that nothing has, in the default database.
   *
   * @param like a name whose characters the name ends with, and which is not longer than it
   */
  CollectionName next(String like) {
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
  void drop(CollectionName name) {
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
