package io.milvusferry.importer;

import io.milvusferry.verify.ComparisonSettings;
import java.time.Duration;

/**
 * Sizes and times of an import.
 *
 * @param importsInFlight bulk imports at once; few, since a server that crashes works off the ones
 *     left behind one by one
 * @param bulkFromRows collections with fewer rows to load are inserted even where bulk import is
 *     possible, since each bulk import has a fixed cost of seconds
 * @param batchBytes how large an insert is at most, unless one row is larger; it is sent in one
 *     request, and is also what is in doubt after a crash
 * @param batchRows how many rows an insert has at most
 * @param tries how often one part or batch is sent before the import gives up
 * @param poll time between two looks at bulk imports
 * @param settle how long after a call of unknown outcome the server may still act on it
 * @param pending how long a bulk import may wait to be started
 * @param running how long a running bulk import may show no progress; longer than the 15 minutes
 *     after which servers before 2.4 give up on one that they lost in a crash
 * @param visible how long loaded rows may take to be counted
 * @param step deadline of flush, index build and load
 * @param comparison how rows are compared; which fields follows from the keys
 */
record ImportLimits(
    int importsInFlight,
    long bulkFromRows,
    long batchBytes,
    int batchRows,
    int tries,
    Duration poll,
    Duration settle,
    Duration pending,
    Duration running,
    Duration visible,
    Duration step,
    ComparisonSettings comparison) {

  static final ImportLimits DEFAULT =
      new ImportLimits(
          2,
          20_000,
          6L << 20,
          10_000,
          8,
          Duration.ofMillis(100),
          Duration.ofSeconds(10),
          Duration.ofMinutes(30),
          Duration.ofMinutes(20),
          Duration.ofSeconds(90),
          Duration.ofHours(6),
          ComparisonSettings.DEFAULT);

  /** The same with another way to compare. */
  ImportLimits withComparison(ComparisonSettings other) {
    return new ImportLimits(
        importsInFlight,
        bulkFromRows,
        batchBytes,
        batchRows,
        tries,
        poll,
        settle,
        pending,
        running,
        visible,
        step,
        other);
  }
}
