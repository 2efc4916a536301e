package io.milvusferry.importer;

/** What becomes of collections that a swap replaced. */
public enum SwapAction {
  /** They are dropped. */
  DROP,
  /** They have their names again, and the imported ones their temporary ones. */
  REVERT
}
