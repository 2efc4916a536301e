package io.milvusferry.connector;

/**
 * One persistent segment.
 *
 * @param state such as {@code Flushed}, in Milvus' words
 * @param storageVersion how its files are made; 0 and 1 are binlogs of one column each
 */
public record SegmentState(
    long id, long partitionId, long rows, String state, long storageVersion) {}
