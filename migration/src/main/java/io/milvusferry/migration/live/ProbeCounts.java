package io.milvusferry.migration.live;

/**
 * What probes found: reads of ferry's own with known answers, put to both sides.
 *
 * @param reads reads put to each side
 * @param sourceErrors those that the source failed
 * @param targetErrors those that the target failed
 * @param wrong rows that the target answered, lastingly, otherwise than the source
 * @param searches searches that both sides answered
 * @param recallSum sum over these of the share of the source's hits that the target found
 * @param lastError what a side said last when it failed; empty if none did
 */
record ProbeCounts(
    long reads,
    long sourceErrors,
    long targetErrors,
    long wrong,
    long searches,
    double recallSum,
    String lastError) {
  static final ProbeCounts NONE = new ProbeCounts(0, 0, 0, 0, 0, 0, "");

  ProbeCounts plus(ProbeCounts other) {
    return new ProbeCounts(
        reads + other.reads,
        sourceErrors + other.sourceErrors,
        targetErrors + other.targetErrors,
        wrong + other.wrong,
        searches + other.searches,
        recallSum + other.recallSum,
        other.lastError.isEmpty() ? lastError : other.lastError);
  }

  /** Share of reads that the target failed or answered wrongly, 0 to 1. */
  double targetErrorRate() {
    return reads == 0 ? 0 : (double) (targetErrors + wrong) / reads;
  }

  /** Mean share of the source's hits that the target found, 0 to 1; 1 without searches. */
  double recall() {
    return searches == 0 ? 1 : recallSum / searches;
  }
}
