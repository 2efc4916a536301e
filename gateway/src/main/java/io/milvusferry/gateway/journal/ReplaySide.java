package io.milvusferry.gateway.journal;

import io.milvusferry.manifest.CollectionName;
import io.milvusferry.record.Key;
import java.util.List;

/** The two servers, as replay sees them for one direction. Safe for several threads. */
public interface ReplaySide {
  /**
   * Makes one write on the side that follows. Inserts are made as upserts, so that making a write
   * twice changes nothing.
   */
  ReplayOutcome apply(CollectionName collection, WriteKind kind, byte[] request);

  /**
   * Looks rows up on both sides at Strong consistency, and tells what must be written to the side
   * that follows so that it has what the deciding side has.
   *
   * @param partition {@code ""} for the default one or by partition key
   * @throws io.milvusferry.error.FerryException when one side cannot be read
   */
  Repair repair(CollectionName collection, String partition, List<Key> keys);

  /**
   * What makes some rows equal again.
   *
   * @param differing how many of the rows differ
   * @param writes an upsert of rows that are missing or changed, a delete of those that are extra;
   *     none when nothing differs
   */
  record Repair(int differing, List<Write> writes) {
    public Repair {
      writes = List.copyOf(writes);
    }
  }
}
