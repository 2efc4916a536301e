package io.milvusferry.connector;

/**
 * One persistent segment.
 *
 * @param state such as {@code Flushed}, in Milvus' words
 */
public record SegmentState(long id, long partitionId, long rows, String state) {}
