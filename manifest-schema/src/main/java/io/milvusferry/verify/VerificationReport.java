package io.milvusferry.verify;

import io.milvusferry.digest.Digest;
import io.milvusferry.signature.Origin;
import java.util.List;

/**
 * What became of verifying an archive.
 *
 * @param archiveId digest of the seal as it is
 * @param files number of files whose bytes were checked
 * @param bytes bytes of these files
 * @param origin what its signature says of where it comes from
 * @param findings sorted by path; empty for a valid archive
 */
public record VerificationReport(
    Digest archiveId, long files, long bytes, Origin origin, List<FileFinding> findings) {
  public VerificationReport {
    findings = List.copyOf(findings);
  }

  /** All that is listed is there, and nothing else. */
  public boolean complete() {
    return findings.stream().noneMatch(FileFinding::breaksCompleteness);
  }

  /** Complete, and all digests agree. */
  public boolean valid() {
    return findings.isEmpty();
  }

  /**
   * The verdict in the words of the format: {@code valid}, {@code complete} or {@code incomplete}.
   */
  public String verdict() {
    if (valid()) {
      return "valid";
    }
    return complete() ? "complete" : "incomplete";
  }
}
