package io.milvusferry.parquet;

import io.milvusferry.digest.Digest;

/**
 * A finished part file, forced to disk.
 *
 * @param bytes size of the file
 * @param digest of all its bytes, taken while they were written
 */
public record WrittenPart(long rows, long bytes, Digest digest) {}
