package io.milvusferry.verify;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.signature.Origin;
import java.nio.file.Path;
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
  /** So many findings are named in a failure. */
  private static final int NAMED = 3;

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
   * Passes a valid archive.
   *
   * @param undone what was not done with it, such as {@code nothing was written}
   * @param hint what to do about one that is not valid
   * @throws FerryException {@link ErrorCode#ARCHIVE_DAMAGED}
   */
  public void requireValid(Path root, String undone, String hint) {
    if (valid()) {
      return;
    }
    String named =
        String.join("; ", findings.stream().limit(NAMED).map(FileFinding::message).toList());
    int more = findings.size() - NAMED;
    throw new FerryException(
        ErrorCode.ARCHIVE_DAMAGED,
        "archive %s is not valid (%s), %s: %s%s"
            .formatted(
                root, verdict(), undone, named, more > 0 ? "; and %d more".formatted(more) : ""),
        hint,
        null);
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
