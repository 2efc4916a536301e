package io.milvusferry.gateway;

import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.record.Key;
import java.util.List;

/**
 * Steers a gateway that runs: in its own process, or from another one over its admin address. Every
 * change is durable when the method returns, and making it again changes nothing. Safe for several
 * threads.
 *
 * <p>All methods throw {@code GATEWAY_UNREACHABLE} when the gateway does not answer, and those with
 * a collection throw {@code COLLECTION_NOT_MIRRORED} unless it is mirrored.
 */
public interface GatewayControl extends AutoCloseable {
  /** What the gateway is and does now. */
  GatewayStatus status();

  /**
   * Journals the writes of a collection from now on. The journal is held, not replayed, until
   * {@link #replay} lets it go. No write that began before is still under way when this returns, so
   * what is read from the source afterwards, together with the journal, holds every write.
   *
   * @throws FerryException {@code COLLECTION_NOT_FOUND} unless the source has it
   */
  MirrorStatus mirror(CollectionName collection);

  /** Lets the journal of a collection go to the other side, or holds it. */
  MirrorStatus replay(CollectionName collection, boolean running);

  /**
   * Sends that share of the collection's reads to the target.
   *
   * @param percent 0 to 100
   */
  MirrorStatus readWeight(CollectionName collection, int percent);

  /**
   * Sends that share of the searches that the source answers to the target too, and compares the
   * answers; applications do not wait for it.
   *
   * @param percent 0 to 100
   */
  MirrorStatus shadow(CollectionName collection, int percent);

  /** Starts counting the reads, errors and latencies of a collection anew. */
  MirrorStatus resetReads(CollectionName collection);

  /**
   * Makes rows on the side that follows what they are on the side that decides. Writes of the
   * collection wait meanwhile; the journal is drained first, so that a difference found here is a
   * true one. Repairs go through the journal.
   *
   * <p>No row is overwritten or deleted by a single look: the sides are looked at twice, some
   * seconds apart, and where the looks do not agree nothing is done.
   *
   * @param partition name of the partition; {@code ""} for a collection with a partition key
   * @param keys at most 1,000
   * @throws FerryException {@code MIRROR_BUSY} when the journal cannot be drained soon; nothing is
   *     changed then
   */
  Reconciled reconcile(
      CollectionName collection, String partition, List<Key> keys, RepairScope scope);

  /**
   * The collection was compared as a whole, and what differed was reconciled: writes of unknown
   * outcome without keys need no longer be feared.
   */
  MirrorStatus clean(CollectionName collection);

  /**
   * Changes which side decides. Writes wait until the journal is drained, and the change is between
   * two writes.
   *
   * @throws FerryException {@code MIRROR_BUSY} when the journal cannot be drained soon, {@code
   *     MIRROR_UNSAFE} with failed writes, or where the source cannot take the rows of the target;
   *     nothing is changed then
   */
  MirrorStatus direct(CollectionName collection, Direction direction);

  /**
   * Stops mirroring, and forgets what the gateway knew of the collection; all its calls go to the
   * source again. Journaled writes are dropped, so this is the way out of a migration that is given
   * up.
   */
  void forget(CollectionName collection);

  /** Writes that the other side refused for good, oldest first; at most 1,000. */
  List<FailedWrite> failedWrites(CollectionName collection);

  /** Tries the failed writes of a collection again, in their order. */
  MirrorStatus retryFailed(CollectionName collection);

  @Override
  void close();
}
