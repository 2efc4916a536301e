package io.milvusferry.gateway;

/**
 * What became of the reads of a collection, side by side.
 *
 * @param fellBack reads meant for the target that the source answered, because the target lagged or
 *     could not be reached
 */
public record ReadCounts(SideReads source, SideReads target, long fellBack) {
  /**
   * Reads that one side was asked for.
   *
   * @param errors those that ended in a transport error, or with an error inside the answer
   * @param p50Micros median latency in microseconds
   * @param p95Micros 95th percentile in microseconds
   */
  public record SideReads(long calls, long errors, long p50Micros, long p95Micros) {
    public static final SideReads NONE = new SideReads(0, 0, 0, 0);

    /** Share of errors, 0 to 1; 0 without calls. */
    public double errorRate() {
      return calls == 0 ? 0 : (double) errors / calls;
    }
  }

  public static final ReadCounts NONE = new ReadCounts(SideReads.NONE, SideReads.NONE, 0);
}
