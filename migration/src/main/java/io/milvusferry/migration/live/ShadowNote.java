package io.milvusferry.migration.live;

import java.time.Instant;

/**
 * What searches found that both sides answered.
 *
 * @param searches searches of applications that the target was asked too
 * @param errors those of them that the target failed
 * @param recall mean share of the source's hits that the target found too, 0 to 1
 * @param probes searches of ferry's own among rows of the source
 * @param probeRecall the same share for these
 */
public record ShadowNote(
    Instant at,
    long searches,
    long errors,
    double recall,
    long sourceP50Micros,
    long targetP50Micros,
    long probes,
    double probeRecall) {
  /** The lower of the two, of those that were measured at all; 1 if neither was. */
  public double leastRecall() {
    return Math.min(searches == 0 ? 1 : recall, probes == 0 ? 1 : probeRecall);
  }
}
