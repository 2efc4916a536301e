package io.milvusferry.storage.binlog;

/**
 * What a binlog says of itself.
 *
 * @param field id of the field whose values it holds; -1 for deletes
 * @param startTimestamp hybrid timestamp of its oldest row
 * @param endTimestamp hybrid timestamp of its newest row
 * @param dataType number of the type in Milvus' protocol
 * @param nullable whether a row may have no value
 * @param encrypted whether the values are encrypted
 * @param version empty, or the name of a form other than one value after another
 */
public record BinlogDescriptor(
    long collection,
    long partition,
    long segment,
    long field,
    long startTimestamp,
    long endTimestamp,
    int dataType,
    boolean nullable,
    boolean encrypted,
    String version) {}
