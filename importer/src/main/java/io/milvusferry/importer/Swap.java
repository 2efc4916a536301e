package io.milvusferry.importer;

import io.milvusferry.manifest.CollectionName;
import java.util.List;

/**
 * How a collection takes its name.
 *
 * @param name what it is to be called
 * @param replaced the server's id of the collection that has the name; 0 if none has
 * @param aliases that it is to have
 * @param loaded whether it is to be loaded; milvus-lite 3.2.2 releases what it renames
 */
record Swap(CollectionName name, long replaced, List<String> aliases, boolean loaded) {
  Swap {
    aliases = List.copyOf(aliases);
  }
}
