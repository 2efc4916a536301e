package io.milvusferry.parquet;

import io.milvusferry.record.RecordBatch;

/**
 * Writes one part. The bytes of the file depend on the rows and their order alone, not on how they
 * were batched. Used by one thread.
 */
public interface PartWriter extends AutoCloseable {
  /**
   * Appends rows. After a failure the part cannot be finished any more.
   *
   * @throws IllegalArgumentException when the batch does not have the columns of the part, or a
   *     value that its field cannot hold
   * @throws io.milvusferry.error.FerryException when the file cannot be written
   */
  void write(RecordBatch batch);

  /** About how many bytes the file would have now. */
  long estimatedBytes();

  /**
   * Completes the file and forces it to disk.
   *
   * @throws io.milvusferry.error.FerryException when the file cannot be written
   */
  WrittenPart finish();

  /** Releases what the writer holds; a file that was not finished stays as an unreadable rest. */
  @Override
  void close();
}
