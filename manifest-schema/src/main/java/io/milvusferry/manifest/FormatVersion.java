package io.milvusferry.manifest;

/** Versions of the archive format. */
public final class FormatVersion {
  /** What this build writes, and the newest that it reads. */
  public static final int CURRENT = 1;

  private FormatVersion() {}
}
