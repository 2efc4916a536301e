package io.milvusferry.migration.live;

/**
 * How many rows of the side that follows a round of comparison may overwrite or delete. Rows are
 * added without a limit.
 *
 * @param rows so many are fine, whatever the collection holds
 * @param share so many of the collection's rows are fine, 0 to 1
 */
public record RepairLimit(long rows, double share) {
  /** Twenty rows, or one in a thousand: what a migration that works does not come near. */
  public static final RepairLimit USUAL = new RepairLimit(20, 0.001);

  public RepairLimit {
    if (rows < 0 || share < 0 || share > 1) {
      throw new IllegalArgumentException("%d rows, share %s".formatted(rows, share));
    }
  }

  /** So many rows and no more. */
  public static RepairLimit of(long rows) {
    return new RepairLimit(rows, 0);
  }

  /** The most rows that may be overwritten or deleted where there are that many. */
  public long most(long rowsOfTheCollection) {
    return Math.max(rows, (long) (share * rowsOfTheCollection));
  }
}
