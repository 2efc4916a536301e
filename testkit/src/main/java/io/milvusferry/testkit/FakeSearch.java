package io.milvusferry.testkit;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.parity.ExactSearch;
import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Searches that look at every row. */
final class FakeSearch {
  private FakeSearch() {}

  /** For each row of a batch, keys of the nearest rows, nearest first, ties by key. */
  static List<List<Key>> nearest(
      FakeCollection collection, IndexSpec index, RecordBatch batch, int limit) {
    FieldSpec field = collection.description().schema().searched(index.field());
    ExactSearch search = ExactSearch.of(field, index, batch, limit).orElseThrow();
    @Nullable RecordBatch all = collection.page("", KeyRange.ALL, Integer.MAX_VALUE);
    if (all == null) {
      return Stream.generate(() -> List.<Key>of()).limit(batch.rows()).toList();
    }
    search.add(all);
    return search.nearest().stream()
        .map(keys -> keys.subList(0, Math.min(limit, keys.size())))
        .toList();
  }
}
