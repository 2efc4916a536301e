package io.milvusferry.importer;

import io.milvusferry.manifest.PartEntry;

/** Brings parts to where the server can read them, and removes what it brought. */
interface StagingArea {
  /**
   * A part that the server can read.
   *
   * @param unique whether no other submission ever has this name
   */
  record Staged(String asServerSees, boolean unique) {}

  /** Makes a part readable for its {@code attempt}th submission. */
  Staged stage(PartEntry part, int attempt);

  /** Removes what {@link #stage} made under this name; nothing if it made nothing. */
  void release(String asServerSees);
}
