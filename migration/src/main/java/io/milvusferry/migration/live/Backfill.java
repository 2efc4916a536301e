package io.milvusferry.migration.live;

import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.manifest.CollectionName;

/** Brings the rows of a mirrored collection to the target, with schema, indexes and load state. */
@FunctionalInterface
public interface Backfill {
  /**
   * Makes the collection at the target and fills it with what the source held at some moment since
   * it is mirrored. The journal is held meanwhile. Filling it again, also after a failure, goes on.
   *
   * @throws FerryException unless all rows are there; {@code BACKFILL_TOO_OLD} for rows of a moment
   *     before
   */
  void fill(CollectionName collection, MirrorStatus mirror);
}
