package io.milvusferry.exporter;

import io.milvusferry.connector.CollectionIdentity;
import io.milvusferry.connector.CollectionSource;
import io.milvusferry.digest.BucketFingerprints;
import io.milvusferry.digest.Digest;
import io.milvusferry.digest.FingerprintSum;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.Consistency;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.manifest.PartitionEntry;
import io.milvusferry.parity.SampledSearch;
import io.milvusferry.parquet.ParquetCodec;
import io.milvusferry.parquet.PartHeader;
import io.milvusferry.parquet.PartTarget;
import io.milvusferry.parquet.RollingPartWriter;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.Slice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads one collection into parts, from where an interrupted run left off. */
final class CollectionExport {
  private final int number;
  private final ArchiveLayout layout;
  private final long partBytes;
  private final CollectionSource source;
  private final CollectionReader reader;
  private final CollectionDescription description;
  private final ExportJournal journal;
  private final ProgressSink progress;
  private final PartListener listener;
  private final String directory;
  private final String task;

  CollectionExport(
      int number,
      ArchiveLayout layout,
      long partBytes,
      CollectionSource source,
      CollectionReader reader,
      CollectionDescription description,
      ExportJournal journal,
      ProgressSink progress,
      PartListener listener) {
    this.reader = reader;
    this.listener = listener;
    this.number = number;
    this.layout = layout;
    this.partBytes = partBytes;
    this.source = source;
    this.description = description;
    this.journal = journal;
    this.progress = progress;
    this.directory = ArchiveLayout.directoryName(number, description.name().name());
    this.task = "export " + description.name();
  }

  /**
   * What came of it: the entry of the manifest, the fingerprints of its buckets, and what is not as
   * it should be.
   */
  record Outcome(
      CollectionEntry entry,
      BucketFingerprints buckets,
      List<SampledSearch> searches,
      List<String> findings) {}

  /**
   * Reads what is not read yet. After a failure the parts up to the last cut are durable and
   * journaled; a partial part may lie beside them.
   */
  Outcome run(int readers, ExecutorService executor) throws IOException, InterruptedException {
    List<ExportJournal.Cut> earlier = cuts();
    SearchSampler sampler = new SearchSampler(description, progress);
    SourceState before = start();
    Optional<SourceState> seenAfter =
        readOnce(before, readers, executor, sampler::add, () -> Optional.of(reader.lookAgain()));
    for (ExportJournal.Cut cut : earlier) {
      requireIntact(cut.parts());
      cut.parts().forEach(part -> sample(part, sampler));
    }
    SourceState after = seenAfter.orElseGet(reader::lookAgain);
    requireSame(after.identity());
    progress.finished(task);
    return outcome(before, after, sampler.finish(source));
  }

  /** Rows that an earlier run has read count for sampled searches like all others. */
  private void sample(PartEntry part, SearchSampler sampler) {
    Set<String> wanted = sampler.fields();
    List<FieldSpec> fields =
        description.schema().rowFields().stream()
            .filter(field -> field.primaryKey() || wanted.contains(field.name()))
            .toList();
    try (BatchCursor rows =
        new ParquetCodec().openPart(layout.resolve(part.path()), fields, KeyRange.ALL)) {
      for (RecordBatch batch = rows.next(); batch != null; batch = rows.next()) {
        sampler.add(batch);
      }
    }
  }

  /**
   * Reads what is not read yet, and leaves it to the caller to look at the source and at parts of
   * earlier runs. After a failure all is as after one of {@link #run}.
   */
  void read(int readers, ExecutorService executor) throws IOException, InterruptedException {
    readOnce(start(), readers, executor, rows -> {}, Optional::empty);
    progress.finished(task);
  }

  private Optional<SourceState> readOnce(
      SourceState before,
      int readers,
      ExecutorService executor,
      Consumer<RecordBatch> beside,
      Supplier<Optional<SourceState>> afterLastRow)
      throws IOException, InterruptedException {
    requireSame(before.identity());
    progress.started(task, before.count(), -1);
    for (ExportJournal.Cut cut : cuts()) {
      cut.parts().forEach(part -> progress.advanced(task, part.rows(), part.bytes()));
    }
    if (journal.progress(description.name()).read()) {
      return Optional.empty();
    }
    Optional<SourceState> after = readRemaining(before, readers, executor, beside, afterLastRow);
    journal.read(description.name());
    return after;
  }

  /** Looks at the source before its rows are read; once, also over several runs. */
  private SourceState start() {
    Optional<SourceState> opened = journal.progress(description.name()).opened();
    if (opened.isPresent()) {
      return opened.get();
    }
    SourceState now = reader.look();
    journal.opened(description.name(), now);
    return now;
  }

  /**
   * Shows {@code beside} each batch while it is written, and returns what {@code afterLastRow} said
   * when the last row was read, while that row was written; empty if there was nothing to read.
   */
  private Optional<SourceState> readRemaining(
      SourceState before,
      int readers,
      ExecutorService executor,
      Consumer<RecordBatch> beside,
      Supplier<Optional<SourceState>> afterLastRow)
      throws IOException, InterruptedException {
    List<String> partitions = source.partitions();
    AtomicInteger unread = new AtomicInteger();
    UnaryOperator<List<Slice>> left =
        slices -> {
          List<Slice> remaining = remaining(slices, partitions);
          unread.set(remaining.size());
          return remaining;
        };
    AtomicReference<@Nullable Future<Optional<SourceState>>> after = new AtomicReference<>();
    Runnable afterSlice =
        () -> {
          requireSame(before.identity());
          if (unread.decrementAndGet() == 0) {
            after.set(executor.submit(afterLastRow::get));
          }
        };
    try (RowFeed feed = reader.feed(before, left, readers, executor, afterSlice)) {
      SliceBatch next = feed.next();
      while (next != null) {
        String partition = next.slice().partition();
        int partitionNumber = partitions.indexOf(partition);
        try (RollingPartWriter writer = writerFor(partitionNumber, partition)) {
          while (next != null && next.slice().partition().equals(partition)) {
            write(writer, next.batch(), beside);
            progress.advanced(task, next.batch().rows(), next.batch().byteSize());
            next = feed.next();
          }
          writer.finish();
        }
      }
    }
    Future<Optional<SourceState>> look = after.get();
    return look == null ? Optional.empty() : await(look);
  }

  private static void write(
      RollingPartWriter writer, RecordBatch rows, Consumer<RecordBatch> beside) {
    CompletableFuture<Void> seen = CompletableFuture.runAsync(() -> beside.accept(rows));
    try {
      writer.write(rows);
    } finally {
      seen.join();
    }
  }

  private static <T> T await(Future<T> result) throws InterruptedException {
    try {
      return result.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FerryException known) {
        throw known;
      }
      throw new IllegalStateException("the last look at the source failed", e);
    }
  }

  private RollingPartWriter writerFor(int partitionNumber, String partition) {
    AtomicInteger nextPart =
        new AtomicInteger(
            cutsOf(partitionNumber).stream().mapToInt(cut -> cut.parts().size()).sum());
    PartTarget target =
        new PartTarget(
            layout,
            directory,
            partitionNumber,
            new PartHeader(description.name().name(), partition, description.schema().rowFields()));
    return new RollingPartWriter(
        new ParquetCodec(),
        target,
        partBytes,
        nextPart::getAndIncrement,
        (upTo, parts, buckets) -> {
          journal.cut(
              description.name(),
              new ExportJournal.Cut(partitionNumber, upTo.text(), parts, buckets));
          inOrder(parts).forEach(listener::durable);
        });
  }

  /** Parts that were made at once, in the order of their paths. */
  static List<PartEntry> inOrder(List<PartEntry> parts) {
    return parts.stream().sorted(Comparator.comparing(PartEntry::path)).toList();
  }

  private List<ExportJournal.Cut> cutsOf(int partition) {
    return journal.progress(description.name()).cuts().stream()
        .filter(cut -> cut.partition() == partition)
        .toList();
  }

  /** The slices without what the cuts of earlier runs hold. */
  private List<Slice> remaining(List<Slice> slices, List<String> partitions) {
    FieldSpec keyField = description.schema().primaryKey();
    Map<String, Key> upTo = new HashMap<>();
    for (ExportJournal.Cut cut : journal.progress(description.name()).cuts()) {
      upTo.put(partitions.get(cut.partition()), Key.parse(keyField, cut.upTo()));
    }
    List<Slice> left = new ArrayList<>();
    for (Slice slice : slices) {
      KeyRange range = slice.range().after(upTo.get(slice.partition()));
      if (!range.isEmpty()) {
        left.add(new Slice(slice.partition(), range));
      }
    }
    return left;
  }

  /**
   * @throws FerryException {@link ErrorCode#SOURCE_RECREATED} or {@link ErrorCode#SOURCE_CHANGED}
   */
  void requireSame(CollectionIdentity first) {
    CollectionIdentity now = source.identity();
    if (now.id() != first.id() || now.createdTimestamp() != first.createdTimestamp()) {
      throw new FerryException(
          ErrorCode.SOURCE_RECREATED,
          "collection %s was dropped and created again while it was exported (id %d, now %d)"
              .formatted(description.name(), first.id(), now.id()),
          "Export the new collection into a new directory.",
          null);
    }
    if (!now.schema().equals(first.schema())) {
      throw new FerryException(
          ErrorCode.SOURCE_CHANGED,
          "the schema of collection %s was changed while it was exported"
              .formatted(description.name()),
          "Export again into a new directory when the schema is settled.",
          null);
    }
  }

  /** Parts of an earlier run are not trusted: the machine may have lost power in between. */
  private void requireIntact(List<PartEntry> parts) throws IOException {
    for (PartEntry part : parts) {
      Path file = layout.resolve(part.path());
      if (!Files.exists(file) || !Digest.ofFile(file).equals(part.digest())) {
        throw new FerryException(
            ErrorCode.ARCHIVE_DAMAGED,
            "part %s is not what an earlier run of this export wrote".formatted(part.path()),
            "Export into a new directory; the disk of this one may be failing.",
            null);
      }
    }
  }

  private Outcome outcome(SourceState before, SourceState after, List<SampledSearch> searches) {
    CollectionReader.Verdict verdict =
        reader.verdict(before, after, buckets().total().rows(), ttl().stream().toList());
    return new Outcome(
        entry(verdict.consistency(), verdict.counted()), buckets(), searches, verdict.findings());
  }

  /** What is in durable parts, and was taken away since. */
  CollectionEntry entry(Consistency consistency, long counted) {
    List<PartEntry> parts = new ArrayList<>();
    cuts().forEach(cut -> parts.addAll(cut.parts()));
    List<PartitionEntry> partitions = new ArrayList<>();
    List<String> names = source.partitions();
    for (int i = 0; i < names.size(); i++) {
      int partition = i;
      FingerprintSum sum = new FingerprintSum();
      parts.stream()
          .filter(part -> part.partition() == partition)
          .forEach(part -> sum.add(part.fingerprint()));
      partitions.add(new PartitionEntry(i, names.get(i), sum.value()));
    }
    return new CollectionEntry(
        number,
        directory,
        description,
        source.excerpt(),
        consistency,
        partitions,
        Math.max(0, counted),
        List.of(),
        buckets().total(),
        parts);
  }

  /** Fingerprints of the buckets over what is in durable parts. */
  BucketFingerprints buckets() {
    BucketFingerprints buckets = new BucketFingerprints();
    cuts().forEach(cut -> buckets.add(cut.buckets()));
    return buckets;
  }

  private List<ExportJournal.Cut> cuts() {
    return journal.progress(description.name()).cuts();
  }

  /** Rows of a collection with a time to live expire while they are read. */
  Optional<String> ttl() {
    @Nullable String seconds = description.properties().get("collection.ttl.seconds");
    return seconds == null || seconds.equals("0")
        ? Optional.empty()
        : Optional.of("rows expire after %s s, also while they are read".formatted(seconds));
  }
}
