package io.milvusferry.exporter;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.Consistency;
import io.milvusferry.manifest.ConsistencyMode;
import io.milvusferry.record.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads a loaded collection by queries, several ranges of keys at once. */
final class ApiReader implements CollectionReader {
  /** Rows of a slice: a few pages, so that readers share the work evenly. */
  private static final long ROWS_PER_SLICE = 20_000;

  private static final int MOST_SLICES = 4096;

  private final CollectionName name;
  private final CollectionSource source;
  private @Nullable SourceState looked;

  ApiReader(CollectionName name, CollectionSource source) {
    this.name = name;
    this.source = source;
  }

  @Override
  public SourceState look() {
    SourceState now = SourceState.of(source);
    looked = now;
    return now;
  }

  @Override
  public long estimatedBytes() {
    return source.estimatedBytes();
  }

  @Override
  public RowFeed feed(
      SourceState before,
      UnaryOperator<List<Slice>> left,
      int readers,
      ExecutorService executor,
      Runnable afterSlice) {
    // A run that resumes reads as of now, not as of the first run.
    Optional<Long> moment = before.equals(looked) ? before.moment() : source.timestamp();
    CollectionSource rows = moment.map(source::seeing).orElse(source);
    // Bounds may be older: they are found while the server waits until it can show that moment.
    CollectionSource bounds = before.moment().map(source::seeing).orElse(source);
    int wanted = (int) Math.min(MOST_SLICES, Math.max(1, before.count() / ROWS_PER_SLICE));
    return new SlicePipeline(
        rows, left.apply(bounds.slices(wanted)), readers, executor, afterSlice);
  }

  @Override
  public SourceState lookAgain() {
    return SourceState.of(source);
  }

  @Override
  public Verdict verdict(SourceState before, SourceState after, long rows, List<String> ttl) {
    List<String> changes = before.changesUntil(after);
    List<String> reasons = new ArrayList<>(changes);
    List<String> findings = new ArrayList<>();
    if (after.count() >= 0 && rows != after.count()) {
      String numbers = "%d rows were read, but count(*) says %d".formatted(rows, after.count());
      reasons.add(numbers);
      if (changes.isEmpty()) {
        findings.add(
            "%s: %s although nothing changed: keys that the source holds more than once, or keys that it never returns (9223372036854775807)"
                .formatted(name, numbers));
      }
    }
    reasons.addAll(ttl);
    return new Verdict(
        new Consistency(
            reasons.isEmpty() ? ConsistencyMode.QUIET : ConsistencyMode.FUZZY,
            before.timestamp(),
            reasons),
        after.count(),
        List.copyOf(findings));
  }
}
