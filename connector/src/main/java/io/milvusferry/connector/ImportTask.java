package io.milvusferry.connector;

import java.util.List;

/**
 * What the server says about one bulk import.
 *
 * @param reason why it failed, in the server's words; empty otherwise
 * @param createdSeconds when it was submitted, by the server's clock, in seconds since 1970
 * @param rows rows loaded so far
 * @param segmentIds segments that it filled
 */
public record ImportTask(
    long id,
    State state,
    int progressPercent,
    long rows,
    String reason,
    List<String> files,
    String collection,
    String partition,
    long collectionId,
    long createdSeconds,
    List<Long> segmentIds) {
  public ImportTask {
    files = List.copyOf(files);
    segmentIds = List.copyOf(segmentIds);
  }

  /** Where an import is. */
  public enum State {
    PENDING,
    RUNNING,
    /** All rows are loaded and persistent; a loaded collection may show them seconds later. */
    DONE,
    FAILED
  }
}
