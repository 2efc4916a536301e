package io.milvusferry.importer;

/** Reads a loaded target back and holds it against the archive. */
@FunctionalInterface
interface RowComparer {
  Proof compare(ImportContext context, TargetCollection collection);
}
