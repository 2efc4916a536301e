package io.milvusferry.testkit;

import io.milvusferry.connector.CollectionIdentity;
import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.SegmentLedger;
import io.milvusferry.connector.SegmentState;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.Excerpt;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.manifest.LoadState;
import io.milvusferry.progress.Throttle;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.Column;
import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.Slice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An excerpt of a collection in memory, found by reading all of it. Of Milvus' grammar it knows
 * {@code FIELD < NUMBER} over int64 fields.
 */
record FakeExcerpt(CollectionSource whole, Excerpt excerpt) implements CollectionSource {
  private static final Pattern FILTER = Pattern.compile("(\\w+) < (\\d+)");

  @Override
  public CollectionSource only(Excerpt other) {
    return new FakeExcerpt(whole, other);
  }

  @Override
  public CollectionSource seeing(long timestamp) {
    return this;
  }

  @Override
  public CollectionSource throttled(Throttle throttle) {
    return new FakeExcerpt(whole.throttled(throttle), excerpt);
  }

  @Override
  public CollectionDescription describe() {
    return excerpt.of(whole.describe());
  }

  @Override
  public CollectionSchema schema() {
    return excerpt.of(whole.describe().name(), whole.schema());
  }

  @Override
  public List<String> partitions() {
    return whole.partitions().stream()
        .filter(name -> excerpt.partitions().isEmpty() || excerpt.partitions().contains(name))
        .toList();
  }

  @Override
  public List<Slice> slices(int wanted) {
    List<Slice> slices = new ArrayList<>();
    long left = excerpt.limit();
    for (String partition : left == 0 ? List.<String>of() : partitions()) {
      List<Key> keys = keys(partition);
      if (left >= keys.size() && left > 0) {
        slices.add(new Slice(partition, KeyRange.ALL));
      } else if (left > 0) {
        slices.add(new Slice(partition, new KeyRange(null, keys.get((int) left))));
      }
      left -= Math.min(left, keys.size());
    }
    return slices;
  }

  @Override
  public Optional<Long> count() {
    if (excerpt.schemaOnly()) {
      return Optional.of(0L);
    }
    long rows = partitions().stream().mapToLong(partition -> keys(partition).size()).sum();
    return Optional.of(Math.min(rows, excerpt.limit()));
  }

  @Override
  public Optional<Long> count(String partition) {
    return partition.isEmpty() ? count() : Optional.of((long) keys(partition).size());
  }

  private List<Key> keys(String partition) {
    List<Key> keys = new ArrayList<>();
    try (BatchCursor cursor = scan(new Slice(partition, KeyRange.ALL), Set.of())) {
      for (RecordBatch page = cursor.next(); page != null; page = cursor.next()) {
        for (int row = 0; row < page.rows(); row++) {
          keys.add(page.key(row));
        }
      }
    }
    return keys;
  }

  @Override
  public BatchCursor scan(Slice slice, Set<String> fields) {
    List<FieldSpec> taken =
        schema().rowFields().stream()
            .filter(f -> fields.isEmpty() || f.primaryKey() || fields.contains(f.name()))
            .toList();
    BatchCursor rows = whole.scan(slice, Set.of());
    return new BatchCursor() {
      @Override
      public @Nullable RecordBatch next() {
        for (RecordBatch page = rows.next(); page != null; page = rows.next()) {
          RecordBatch matching = matching(page);
          if (matching.rows() > 0) {
            return new RecordBatch(
                taken,
                taken.stream().map(field -> matching.column(field.name())).toList(),
                matching.rows());
          }
        }
        return null;
      }

      @Override
      public void close() {
        rows.close();
      }
    };
  }

  @Override
  public List<RecordBatch> rows(String partition, List<Key> keys) {
    return whole.rows(partition, keys).stream().map(this::matching).toList();
  }

  private RecordBatch matching(RecordBatch page) {
    if (excerpt.where().isEmpty()) {
      return page;
    }
    Matcher filter = FILTER.matcher(excerpt.where());
    if (!filter.matches()
        || page.fields().stream().noneMatch(f -> f.name().equals(filter.group(1)))) {
      throw new FerryException(
          ErrorCode.FILTER_INVALID, "cannot parse " + excerpt.where(), "Write another.", null);
    }
    long[] values = ((Column.Int64) page.column(filter.group(1))).values();
    long bound = Long.parseLong(filter.group(2));
    return page.select(
        IntStream.range(0, page.rows()).filter(row -> values[row] < bound).toArray());
  }

  @Override
  public List<String> aliases() {
    return whole.aliases();
  }

  @Override
  public Map<String, byte[]> rawDescriptions() {
    return whole.rawDescriptions();
  }

  @Override
  public CollectionIdentity identity() {
    return whole.identity();
  }

  @Override
  public LoadState loadState() {
    return whole.loadState();
  }

  @Override
  public Optional<List<SegmentState>> segments() {
    return whole.segments();
  }

  @Override
  public Optional<SegmentLedger> ledger() {
    return whole.ledger();
  }

  @Override
  public Optional<Long> timestamp() {
    return whole.timestamp();
  }

  @Override
  public void flush(Duration deadline) {
    whole.flush(deadline);
  }

  @Override
  public void load(int replicas, Duration deadline) {
    whole.load(replicas, deadline);
  }

  @Override
  public void release() {
    whole.release();
  }

  @Override
  public void createTemporaryIndexes(String prefix, Duration deadline) {
    whole.createTemporaryIndexes(prefix, deadline);
  }

  @Override
  public void dropIndexes(String prefix) {
    whole.dropIndexes(prefix);
  }

  @Override
  public long estimatedBytes() {
    return whole.estimatedBytes();
  }

  @Override
  public List<List<Key>> search(IndexSpec index, RecordBatch batch, int limit) {
    return whole.search(index, batch, limit);
  }
}
