package io.milvusferry.importer;

/** When a collection takes the name that it is to have. */
public enum Publish {
  /** It has it from the start, so that it is seen while it is filled. */
  DIRECT,
  /**
   * All collections are loaded under temporary names and compared, and take their names when all
   * are done. Those that had the names are kept under others.
   */
  SWAP
}
