package io.milvusferry.importer;

import io.milvusferry.manifest.PartEntry;

/** No place that the server can read; for finding what became of earlier submissions only. */
final class NoStaging implements StagingArea {
  @Override
  public Staged stage(PartEntry part, int attempt) {
    throw new IllegalStateException("nothing can be staged: " + part.path());
  }

  @Override
  public void release(String asServerSees) {}
}
