package io.milvusferry.gateway;

/**
 * What shadow reads found: searches that the source answered and the target was asked too.
 *
 * @param searches searches compared
 * @param errors shadow searches that the target failed
 * @param recall mean share of the source's hits that the target found too, 0 to 1; 1 without
 *     searches
 */
public record ShadowCounts(
    long searches, long errors, double recall, long sourceP50Micros, long targetP50Micros) {
  public static final ShadowCounts NONE = new ShadowCounts(0, 0, 1, 0, 0);
}
