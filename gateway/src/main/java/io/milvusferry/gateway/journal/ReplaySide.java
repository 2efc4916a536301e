package io.milvusferry.gateway.journal;

import io.milvusferry.manifest.CollectionName;
import io.milvusferry.record.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The two servers, as replay sees them for one direction. Safe for several threads. */
public interface ReplaySide {
  /**
   * Makes one write on the side that follows. Inserts are made as upserts, so that making a write
   * twice changes nothing.
   */
  ReplayOutcome apply(CollectionName collection, WriteKind kind, byte[] request);

  /**
   * Looks rows up on both sides at Strong consistency.
   *
   * @param partition {@code ""} for the default one or by partition key
   * @throws io.milvusferry.error.FerryException when one side cannot be read
   */
  Sighting look(CollectionName collection, String partition, List<Key> keys);

  /**
   * Looks rows up as above, and tells what must be written to the side that follows so that it has
   * what the deciding side has.
   *
   * @param before an earlier look: rows of which the two looks do not agree are left alone; null to
   *     add rows that are missing, and nothing else
   * @throws io.milvusferry.error.FerryException when one side cannot be read
   */
  Repair repair(
      CollectionName collection, String partition, List<Key> keys, @Nullable Sighting before);

  /**
   * What makes some rows equal again.
   *
   * @param seen what it is founded on
   * @param repaired how many of the rows differ and are written
   * @param losses how many of these the side that follows has, so that it loses what it has
   * @param unsettled how many are left alone, because the two looks do not agree
   * @param writes an upsert of rows that are missing or changed, a delete of those that are extra;
   *     none when nothing differs
   */
  record Repair(Sighting seen, int repaired, int losses, int unsettled, List<Write> writes) {
    public Repair {
      writes = List.copyOf(writes);
    }
  }
}
