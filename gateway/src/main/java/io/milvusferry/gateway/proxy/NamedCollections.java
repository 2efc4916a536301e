package io.milvusferry.gateway.proxy;

import java.util.List;

/**
 * What a call is about.
 *
 * @param collections names as the call gives them, which may be aliases; empty when it names none
 * @param alias the alias that a call changes or asks for; empty when it is about none
 */
record NamedCollections(String database, List<String> collections, String alias) {
  NamedCollections {
    collections = List.copyOf(collections);
  }

  /** Whether it names nothing that could be mirrored. */
  boolean none() {
    return collections.isEmpty() && alias.isEmpty();
  }
}
