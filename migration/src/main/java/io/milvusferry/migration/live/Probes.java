package io.milvusferry.migration.live;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.Key;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.RowDifference;
import io.milvusferry.record.Slice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads of ferry's own with known answers: some rows of the source, looked up by key and searched
 * for on both sides. Servers report errors inside good answers, so that only one who reads the
 * answers sees them.
 */
final class Probes {
  private static final int ROWS = 20;
  private static final int NEIGHBOURS = 10;
  private static final int AT_ONCE = 8;
  private static final int LOOKS = 3;
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  /** A row to look up, and to search for. */
  private record Probe(String partition, RecordBatch row) {}

  private final CollectionSource source;
  private final CollectionSource target;
  private final Pace pace;
  private final List<FieldSpec> fields;
  private final Optional<IndexSpec> index;
  private final List<Probe> probes;

  /** Chooses rows from all over the source; reads the source only. */
  Probes(LiveSetup setup, CollectionName name, Pace pace) {
    this.source = setup.source().source(name);
    this.target = setup.target().source(name);
    this.pace = pace;
    this.fields = source.schema().rowFields();
    this.index = searchable();
    this.probes = choose();
  }

  /** Puts every probe to both sides once, several at a time: a server lets each wait for a tick. */
  ProbeCounts run() {
    ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<ProbeCounts>> asked =
          probes.stream().map(probe -> pool.submit(() -> put(probe))).toList();
      ProbeCounts counts = ProbeCounts.NONE;
      for (Future<ProbeCounts> answer : asked) {
        counts = counts.plus(answer.get());
      }
      return counts;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FerryException(
          ErrorCode.INTERRUPTED,
          "the watch was stopped",
          "Run the same command again; it resumes.",
          e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FerryException failure) {
        throw failure;
      }
      throw new IllegalStateException("a probe failed", e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private ProbeCounts put(Probe probe) {
    ProbeCounts counts = lookUp(probe);
    return index.isPresent() ? counts.plus(search(probe, index.get())) : counts;
  }

  private Optional<IndexSpec> searchable() {
    return source.describe().indexes().stream()
        .filter(
            spec ->
                fields.stream()
                    .anyMatch(
                        field -> field.name().equals(spec.field()) && field.type().isDenseVector()))
        .findFirst();
  }

  private List<Probe> choose() {
    List<Probe> chosen = new ArrayList<>();
    List<Slice> slices = source.slices(ROWS);
    int each = Math.max(1, ROWS / Math.max(1, slices.size()));
    for (Slice slice : slices) {
      try (BatchCursor cursor = source.scan(slice, Set.of())) {
        RecordBatch batch = cursor.next();
        for (int i = 0; batch != null && i < Math.min(each, batch.rows()); i++) {
          int row = (int) ((long) i * batch.rows() / each);
          chosen.add(new Probe(slice.partition(), batch.slice(row, row + 1)));
        }
      }
      if (chosen.size() >= ROWS) {
        break;
      }
    }
    return chosen;
  }

  /** A row that both sides change is told from one that the target has wrong by looking again. */
  private ProbeCounts lookUp(Probe probe) {
    for (int look = 1; ; look++) {
      Answer<Optional<RecordBatch>> before = ask(() -> read(source, probe));
      Answer<Optional<RecordBatch>> there = ask(() -> read(target, probe));
      Answer<Optional<RecordBatch>> after = ask(() -> read(source, probe));
      if (before.failed() || there.failed() || after.failed()) {
        return new ProbeCounts(
            1,
            before.failed() || after.failed() ? 1 : 0,
            there.failed() ? 1 : 0,
            0,
            0,
            0,
            there.failed() ? there.error() : before.error() + after.error());
      }
      if (same(before.get(), there.get()) || same(after.get(), there.get())) {
        return new ProbeCounts(1, 0, 0, 0, 0, 0, "");
      }
      if (!same(before.get(), after.get())) {
        // Applications write this very row just now: nobody can say what the answer is.
        return new ProbeCounts(1, 0, 0, 0, 0, 0, "");
      }
      if (look == LOOKS) {
        return new ProbeCounts(
            1, 0, 0, 1, 0, 0, "row %s is another at the target".formatted(probe.row().key(0)));
      }
      pace.pause(BETWEEN_LOOKS);
    }
  }

  private ProbeCounts search(Probe probe, IndexSpec spec) {
    Answer<List<Key>> here = ask(() -> source.search(spec, probe.row(), NEIGHBOURS).get(0));
    Answer<List<Key>> there = ask(() -> target.search(spec, probe.row(), NEIGHBOURS).get(0));
    if (here.failed() || there.failed()) {
      return new ProbeCounts(
          1,
          here.failed() ? 1 : 0,
          there.failed() ? 1 : 0,
          0,
          0,
          0,
          there.failed() ? there.error() : here.error());
    }
    Set<Key> wanted = new HashSet<>(here.get());
    long found = there.get().stream().filter(wanted::contains).count();
    double recall = wanted.isEmpty() ? 1 : (double) found / wanted.size();
    return new ProbeCounts(1, 0, 0, 0, 1, recall, "");
  }

  private static Optional<RecordBatch> read(CollectionSource side, Probe probe) {
    return side.rows(probe.partition(), List.of(probe.row().key(0))).stream().findFirst();
  }

  private boolean same(Optional<RecordBatch> one, Optional<RecordBatch> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.isEmpty() && other.isEmpty();
    }
    return RowDifference.between(fields, one.get(), 0, other.get(), 0).fields().isEmpty();
  }

  /** What a side answered, or why it did not. */
  private record Answer<T>(@Nullable T value, String error) {
    boolean failed() {
      return value == null;
    }

    T get() {
      return java.util.Objects.requireNonNull(value);
    }
  }

  private static <T> Answer<T> ask(Supplier<T> question) {
    try {
      return new Answer<>(question.get(), "");
    } catch (FerryException e) {
      if (e.code() == ErrorCode.INTERRUPTED || e.code() == ErrorCode.BUG) {
        throw e;
      }
      return new Answer<>(null, String.valueOf(e.getMessage()));
    }
  }
}
