package io.milvusferry.migration.live;

import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.gateway.ReadCounts;
import java.util.Optional;

/**
 * A collection in the middle of its migration.
 *
 * @param mirror what the gateway says of it; empty if it does not mirror it
 * @param reads what became of reads since they were last weighed
 * @param safety whether reads can be cut over now
 */
public record CollectionStatus(
    LiveCollection collection,
    Optional<MirrorStatus> mirror,
    ReadCounts reads,
    CutoverSafety safety) {}
