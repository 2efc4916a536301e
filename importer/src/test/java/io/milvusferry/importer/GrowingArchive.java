package io.milvusferry.importer;

import io.milvusferry.digest.Digest;
import io.milvusferry.digest.FingerprintSum;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.Manifest;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.RowSource;
import io.milvusferry.verify.KnownFingerprints;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * An archive whose parts are made while others are imported, and are gone as soon as they are
 * loaded. It outlives the runs of an import, as what is on disk does.
 */
final class GrowingArchive implements ArchiveContents {
  private final MemoryArchive whole;
  private final Set<String> made = new HashSet<>();
  private final Set<String> gone = new HashSet<>();

  GrowingArchive(MemoryArchive whole) {
    this.whole = whole;
  }

  /** How many parts were loaded and are gone. */
  int gone() {
    return gone.size();
  }

  @Override
  public Digest id() {
    return whole.id();
  }

  @Override
  public Manifest manifest() {
    Manifest all = whole.manifest();
    return new Manifest(
        all.formatVersion(),
        all.requires(),
        all.createdAt(),
        all.createdBy(),
        all.creationId(),
        all.source(),
        all.consistency(),
        all.databases(),
        all.collections().stream().map(this::soFar).toList());
  }

  private CollectionEntry soFar(CollectionEntry entry) {
    List<PartEntry> parts =
        entry.parts().stream().filter(part -> made.contains(part.path())).toList();
    FingerprintSum sum = new FingerprintSum();
    parts.forEach(part -> sum.add(part.fingerprint()));
    return new CollectionEntry(
        entry.number(),
        entry.directory(),
        entry.description(),
        entry.consistency(),
        entry.partitions(),
        entry.rows(),
        List.of(),
        sum.value(),
        parts);
  }

  @Override
  public Path file(PartEntry part) {
    requireThere(part);
    return whole.file(part);
  }

  @Override
  public BatchCursor open(CollectionEntry entry, PartEntry part) {
    requireThere(part);
    return whole.open(entry, part);
  }

  private void requireThere(PartEntry part) {
    if (!made.contains(part.path()) || gone.contains(part.path())) {
      throw new AssertionError(part.path() + " is not there");
    }
  }

  @Override
  public RowSource rows(CollectionEntry entry) {
    return whole.rows(whole(entry));
  }

  @Override
  public Optional<KnownFingerprints> known(CollectionEntry entry) {
    return whole.known(whole(entry));
  }

  @Override
  public boolean growing() {
    return true;
  }

  @Override
  public PartFeed feed(CollectionEntry entry, Predicate<PartEntry> untouched) {
    Deque<PartEntry> left = new ArrayDeque<>(whole(entry).parts());
    return new PartFeed() {
      private boolean slow;

      @Override
      public Optional<PartEntry> next(Duration wait) {
        slow = !slow;
        if (slow || left.isEmpty()) {
          return Optional.empty();
        }
        made.add(left.element().path());
        return Optional.of(left.remove());
      }

      @Override
      public boolean ended() {
        return left.isEmpty();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public CollectionEntry whole(CollectionEntry entry) {
    return whole.manifest().collections().stream()
        .filter(other -> other.number() == entry.number())
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void loaded(PartEntry part) {
    gone.add(part.path());
  }
}
