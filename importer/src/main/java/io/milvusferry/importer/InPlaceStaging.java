package io.milvusferry.importer;

import io.milvusferry.manifest.PartEntry;

/** The server reads the archive itself; nothing is brought anywhere. */
final class InPlaceStaging implements StagingArea {
  private final ArchiveContents archive;

  InPlaceStaging(ArchiveContents archive) {
    this.archive = archive;
  }

  @Override
  public Staged stage(PartEntry part, int attempt) {
    return new Staged(archive.file(part).toString(), false);
  }

  @Override
  public void release(String asServerSees) {}
}
