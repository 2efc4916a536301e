package io.milvusferry.verify;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.manifest.Archive;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.AtomicFile;
import io.milvusferry.manifest.DigestList;
import io.milvusferry.manifest.Manifest;
import io.milvusferry.manifest.ManifestReader;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.signature.Origin;
import io.milvusferry.signature.OriginCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;

/**
 * Proves that an archive is complete and valid, without any server: the seal against the files that
 * describe the archive, these against the parts, and the directory against both. Every byte is read
 * once.
 */
public final class ArchiveVerifier {
  private static final Set<String> DESCRIBING =
      Set.of(
          ArchiveLayout.BAGIT,
          ArchiveLayout.BAG_INFO,
          ArchiveLayout.PAYLOAD_DIGESTS,
          ArchiveLayout.MANIFEST);

  /** May lie in an archive without being listed. */
  private static final Set<String> HARMLESS =
      Set.of(
          ArchiveLayout.SEAL, ArchiveLayout.SIGNATURE, ArchiveLayout.JOURNAL, ArchiveLayout.LOCK);

  private final Executor executor;
  private final ProgressSink progress;
  private final OriginCheck origin;

  /** A verifier that demands no signature. */
  public ArchiveVerifier(Executor executor, ProgressSink progress) {
    this(executor, progress, OriginCheck.NONE);
  }

  /**
   * @param executor reads the files, as many at once as it has threads; {@code Runnable::run} reads
   *     them one by one
   * @param origin whose signature the seal must bear; that is checked before anything else is read
   */
  public ArchiveVerifier(Executor executor, ProgressSink progress, OriginCheck origin) {
    this.executor = executor;
    this.progress = progress;
    this.origin = origin;
  }

  /**
   * Verifies the archive in a directory. Damage is in the report.
   *
   * @throws FerryException {@link ErrorCode#ARCHIVE_NOT_FOUND} or {@link
   *     ErrorCode#ARCHIVE_NOT_SEALED} when there is none, {@link ErrorCode#MANIFEST_TOO_NEW} or
   *     {@link ErrorCode#MANIFEST_REQUIRES} when this build cannot judge it, {@link
   *     ErrorCode#INTERRUPTED} on an interrupt, and what {@link OriginCheck} throws
   */
  public VerificationReport verify(Path directory) {
    ArchiveLayout layout = new ArchiveLayout(directory);
    Archive.requireSealed(layout);
    return verify(layout, layout.seal());
  }

  /**
   * Verifies what is about to become an archive: its seal is there under its partial name, and
   * {@link ArchiveLayout#SPOOL} may still lie beside. Otherwise as {@link #verify(Path)}.
   */
  public VerificationReport verifyBeforeSealing(Path directory) {
    ArchiveLayout layout = new ArchiveLayout(directory);
    return verify(layout, AtomicFile.partial(layout.seal()));
  }

  private VerificationReport verify(ArchiveLayout layout, Path seal) {
    try {
      return new Run(layout, seal).verify();
    } catch (IOException e) {
      throw LocalFailure.of(e, layout.root());
    }
  }

  /** One verification. */
  private final class Run {
    private final ArchiveLayout layout;
    private final Path seal;
    private final String task;
    private final List<FileFinding> findings = new ArrayList<>();
    private final Set<String> damaged = new HashSet<>();
    private final SortedMap<String, Long> found;
    private final Set<String> listed = new HashSet<>(HARMLESS);
    private long files;
    private long bytes;

    Run(ArchiveLayout layout, Path seal) throws IOException {
      this.layout = layout;
      this.seal = seal;
      this.task = "verify " + layout.root().getFileName();
      ArchiveTree tree = ArchiveTree.read(layout.root());
      found = tree.files();
      tree.findings().forEach(this::add);
    }

    VerificationReport verify() throws IOException {
      long total = found.values().stream().mapToLong(Long::longValue).sum();
      progress.started(task, -1, total);
      byte[] content = Files.readAllBytes(seal);
      Origin proven = SealSignature.check(origin, layout, content);
      Optional<DigestList> sealed = list(ArchiveLayout.SEAL, content, false);
      if (sealed.isPresent()) {
        checkDescription(sealed.get());
        checkParts();
        checkNothingElse();
      }
      progress.finished(task);
      findings.sort(Comparator.comparing(FileFinding::path, DigestList.BY_BYTES));
      return new VerificationReport(Digest.ofContent(content), files, bytes, proven, findings);
    }

    private void checkDescription(DigestList sealed) {
      listed.addAll(sealed.digests().keySet());
      for (String path : DESCRIBING) {
        if (!sealed.digests().containsKey(path)) {
          add(new FileFinding(FileFinding.Kind.MISSING, path, "listed by the seal", ""));
        }
      }
      check(sealed.digests(), Map.of());
    }

    private void checkParts() throws IOException {
      SortedMap<String, PartEntry> parts = new TreeMap<>(DigestList.BY_BYTES);
      Optional<Manifest> manifest = manifest();
      manifest.ifPresent(
          read ->
              read.collections().stream()
                  .flatMap(entry -> entry.parts().stream())
                  .forEach(part -> parts.put(part.path(), part)));
      SortedMap<String, Digest> expected = new TreeMap<>(DigestList.BY_BYTES);
      parts.forEach((path, part) -> expected.put(path, part.digest()));
      Optional<DigestList> payload = payload();
      if (payload.isPresent() && manifest.isPresent()) {
        compare(expected, payload.get().digests());
      }
      payload.ifPresent(list -> expected.putAll(list.digests()));
      listed.addAll(expected.keySet());
      check(expected, parts);
    }

    /** The manifest, unless it is known to be damaged. */
    private Optional<Manifest> manifest() throws IOException {
      if (damaged.contains(ArchiveLayout.MANIFEST)) {
        return Optional.empty();
      }
      try {
        return Optional.of(ManifestReader.read(layout.manifest()));
      } catch (FerryException e) {
        if (e.code() != ErrorCode.MANIFEST_INVALID) {
          throw e;
        }
        malformed(ArchiveLayout.MANIFEST, String.valueOf(e.getMessage()));
        return Optional.empty();
      }
    }

    /** The list of parts, unless it is known to be damaged. */
    private Optional<DigestList> payload() throws IOException {
      return damaged.contains(ArchiveLayout.PAYLOAD_DIGESTS)
          ? Optional.empty()
          : list(ArchiveLayout.PAYLOAD_DIGESTS, Files.readAllBytes(layout.payloadDigests()), true);
    }

    private Optional<DigestList> list(String path, byte[] content, boolean ofParts) {
      try {
        DigestList list = DigestList.parse(content);
        for (String entry : list.digests().keySet()) {
          if (entry.startsWith(ArchiveLayout.DATA + "/") != ofParts || HARMLESS.contains(entry)) {
            malformed(path, "it lists " + entry);
            return Optional.empty();
          }
        }
        return Optional.of(list);
      } catch (IllegalArgumentException e) {
        malformed(path, String.valueOf(e.getMessage()));
        return Optional.empty();
      }
    }

    private void compare(Map<String, Digest> manifest, Map<String, Digest> payload) {
      Set<String> paths = new HashSet<>(manifest.keySet());
      paths.addAll(payload.keySet());
      for (String path : paths) {
        Digest one = manifest.get(path);
        Digest other = payload.get(path);
        if (one == null || !one.equals(other)) {
          add(
              new FileFinding(
                  FileFinding.Kind.CONTRADICTORY,
                  path,
                  one == null ? "" : one.hex(),
                  other == null ? "" : other.hex()));
        }
      }
    }

    private void check(SortedMap<String, Digest> expected, Map<String, PartEntry> parts) {
      List<FileCheck> checks = new ArrayList<>();
      expected.forEach(
          (path, digest) -> {
            Long size = found.get(path);
            if (size == null) {
              if (!damaged.contains(path)) {
                add(new FileFinding(FileFinding.Kind.MISSING, path, digest.hex(), ""));
              }
              return;
            }
            files++;
            bytes += size;
            PartEntry part = parts.get(path);
            long wanted = part == null ? -1 : part.bytes();
            checks.add(new FileCheck(layout.resolve(path), path, digest, wanted, task, progress));
          });
      ParallelTasks.run(executor, checks).forEach(result -> result.ifPresent(this::add));
    }

    private void checkNothingElse() {
      found.forEach(
          (path, size) -> {
            if (!listed.contains(path) && !isBeforeSealing(path)) {
              add(new FileFinding(FileFinding.Kind.EXTRA, path, "", size + " bytes"));
            }
          });
    }

    /** Belongs to the act of receiving, which removes it. */
    private boolean isBeforeSealing(String path) {
      return !seal.equals(layout.seal())
          && (path.equals(ArchiveLayout.SEAL + ArchiveLayout.PARTIAL)
              || path.startsWith(ArchiveLayout.SPOOL + "/"));
    }

    private void malformed(String path, String problem) {
      add(new FileFinding(FileFinding.Kind.MALFORMED, path, "", problem));
    }

    private void add(FileFinding finding) {
      findings.add(finding);
      damaged.add(finding.path());
    }
  }
}
