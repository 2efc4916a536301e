package io.milvusferry.transfer;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.AtomicFile;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.signature.Origin;
import io.milvusferry.signature.OriginCheck;
import io.milvusferry.verify.ArchiveVerifier;
import io.milvusferry.verify.VerificationReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** The archive that came out of a bundle: verified before its seal appears. */
final class ReceivedArchive {
  private final ArchiveLayout layout;
  private final Digest archiveId;
  private final OriginCheck origin;
  private final ProgressSink progress;

  ReceivedArchive(
      ArchiveLayout layout, Digest archiveId, OriginCheck origin, ProgressSink progress) {
    this.layout = layout;
    this.archiveId = archiveId;
    this.origin = origin;
    this.progress = progress;
  }

  /**
   * Verifies every file against the seal that lies under its partial name, then gives the seal its
   * name.
   *
   * @throws FerryException also when the seal is not signed as is demanded; there is no archive
   *     then
   */
  Origin seal() throws IOException {
    Path seal = AtomicFile.partial(layout.seal());
    requireId(Digest.ofFile(seal));
    Origin found = requireValid(verify(verifier -> verifier.verifyBeforeSealing(layout.root())));
    AtomicFile.publish(layout.seal());
    return found;
  }

  /** Verifies an archive that an earlier run sealed. */
  Origin requireValid() throws IOException {
    requireId(Digest.ofFile(layout.seal()));
    return requireValid(verify(verifier -> verifier.verify(layout.root())));
  }

  private VerificationReport verify(Function<ArchiveVerifier, VerificationReport> how) {
    ExecutorService threads =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      return how.apply(new ArchiveVerifier(threads, progress, origin));
    } finally {
      threads.shutdownNow();
    }
  }

  private void requireId(Digest actual) {
    if (!actual.equals(archiveId)) {
      throw new FerryException(
          ErrorCode.BUNDLE_INVALID,
          "the bundle says it holds the archive %s, and holds %s".formatted(archiveId, actual),
          "Ship the archive again.",
          null);
    }
  }

  private Origin requireValid(VerificationReport report) {
    if (!report.valid()) {
      throw new FerryException(
          ErrorCode.ARCHIVE_DAMAGED,
          "%s is %s: %d findings, the first: %s"
              .formatted(
                  layout.root(),
                  report.verdict(),
                  report.findings().size(),
                  report.findings().get(0)),
          "Receive the bundle into a new directory; if that fails too, ship the archive again.",
          null);
    }
    return report.origin();
  }
}
