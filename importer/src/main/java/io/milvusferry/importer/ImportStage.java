package io.milvusferry.importer;

/** What the time of an import goes into. */
public enum ImportStage {
  /** Checking the digests of the archive. */
  VERIFY,
  /** Looking at the target and deciding. */
  PLAN,
  /** Making databases, collections and partitions. */
  CREATE,
  /** Bringing parts to where the server can read them, and the proof that it can. */
  STAGING,
  /** Bulk import by the server. */
  IMPORT,
  /** Inserting rows. */
  INSERT,
  /** Making rows persistent. */
  FLUSH,
  /** Building indexes. */
  INDEX,
  /** Loading collections. */
  LOAD,
  /** Reading the target back. */
  COMPARE
}
