package io.milvusferry.gateway;

/**
 * What a repair may do to rows of the side that follows.
 *
 * @param looksTwice whether the deciding side is looked at twice, some seconds apart; by one look
 *     rows are only added
 * @param losses how many rows may be overwritten or deleted; where more would be, nothing is done
 */
public record RepairScope(boolean looksTwice, int losses) {
  /** Add rows that it lacks, and nothing else. */
  public static final RepairScope ADDITIONS = new RepairScope(false, 0);

  /** Also overwrite and delete up to so many rows, on which two looks agree. */
  public static RepairScope upTo(int losses) {
    return new RepairScope(true, losses);
  }
}
