package io.milvusferry.record;

/**
 * A disjoint part of a collection, read by one worker.
 *
 * @param partition name of the partition; {@code ""} for all rows of a collection with a partition
 *     key
 */
public record Slice(String partition, KeyRange range) {}
