package io.milvusferry.gateway.replay;

import io.milvusferry.gateway.journal.ReplayOutcome;
import io.milvusferry.gateway.journal.WriteKind;
import io.milvusferry.manifest.CollectionName;

/** Sends requests that write, as bytes, to one server. Safe for several threads. */
@FunctionalInterface
public interface WriteCalls {
  /**
   * Sends a request; an insert goes as an upsert.
   *
   * @param request protobuf bytes; whatever collection they name, {@code collection} is meant
   */
  ReplayOutcome send(CollectionName collection, WriteKind kind, byte[] request);
}
