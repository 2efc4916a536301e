package io.milvusferry.exporter;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.parity.ExactSearch;
import io.milvusferry.parity.SampledSearch;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.record.Column;
import io.milvusferry.record.Key;
import io.milvusferry.record.RecordBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Samples searches while rows pass: the vectors of some of the first rows, their nearest neighbours
 * among all rows, and what the source's index answers. For one thread.
 */
final class SearchSampler {
  private static final int QUERIES = 10;
  private static final int NEIGHBOURS = 10;

  private final CollectionDescription description;
  private final ProgressSink progress;
  private final List<Sample> samples = new ArrayList<>();
  private boolean chosen;

  /** Queries over one index, and the search that looks for their neighbours, where one can. */
  private record Sample(
      IndexSpec index, FieldSpec held, RecordBatch queries, Optional<ExactSearch> exact) {}

  SearchSampler(CollectionDescription description, ProgressSink progress) {
    this.description = description;
    this.progress = progress;
  }

  /** The fields that {@link #add} wants of a batch, besides the key. */
  Set<String> fields() {
    Set<String> fields = new TreeSet<>();
    vectorIndexes()
        .forEach(index -> fields.add(description.schema().searched(index.field()).name()));
    return fields;
  }

  /** Takes some rows of the first batch as queries, and looks at all rows of every batch. */
  void add(RecordBatch batch) {
    if (!chosen) {
      vectorIndexes().forEach(index -> choose(index, batch));
      chosen = true;
    }
    samples.forEach(sample -> sample.exact().ifPresent(search -> search.add(batch)));
  }

  private List<IndexSpec> vectorIndexes() {
    return description.indexes().stream()
        .filter(
            index ->
                description.schema().fields().stream()
                    .anyMatch(f -> f.name().equals(index.field()) && f.type().isVector()))
        .toList();
  }

  private void choose(IndexSpec index, RecordBatch batch) {
    FieldSpec held = description.schema().searched(index.field());
    Column column = batch.column(held.name());
    int[] there = IntStream.range(0, batch.rows()).filter(row -> !column.isNull(row)).toArray();
    int count = Math.min(QUERIES, there.length);
    if (count > 0) {
      int[] rows = IntStream.range(0, count).map(i -> there[i * there.length / count]).toArray();
      RecordBatch queries = batch.select(rows);
      samples.add(
          new Sample(index, held, queries, ExactSearch.of(held, index, queries, NEIGHBOURS)));
    }
  }

  /**
   * What was found, when all rows have passed.
   *
   * @param source answers the same searches by its index, where the rows were all that it has; its
   *     collection is loaded then
   */
  List<SampledSearch> finish(CollectionSource source) {
    List<SampledSearch> searches = new ArrayList<>();
    for (Sample sample : samples) {
      List<List<Key>> answers = source.excerpt().isAll() ? answers(source, sample) : List.of();
      if (sample.exact().isPresent() || !answers.isEmpty()) {
        searches.add(search(sample, answers));
      }
    }
    return searches;
  }

  private List<List<Key>> answers(CollectionSource source, Sample sample) {
    try {
      return source.search(sample.index(), sample.queries(), NEIGHBOURS);
    } catch (FerryException e) {
      if (e.code() == ErrorCode.INTERRUPTED) {
        throw e;
      }
      progress.notice(
          "%s: the index on %s did not answer a sampled search: %s"
              .formatted(description.name(), sample.index().field(), e.getMessage()));
      return List.of();
    }
  }

  private static SampledSearch search(Sample sample, List<List<Key>> answers) {
    List<List<Key>> exact = sample.exact().map(ExactSearch::nearest).orElse(List.of());
    List<SampledSearch.Query> queries = new ArrayList<>();
    for (int i = 0; i < sample.queries().rows(); i++) {
      queries.add(
          new SampledSearch.Query(
              sample.queries().key(i).text(),
              SampledSearch.value(sample.queries().column(sample.held().name()), i),
              exact.isEmpty() ? List.of() : texts(exact.get(i)),
              answers.isEmpty() ? List.of() : texts(answers.get(i))));
    }
    IndexSpec index = sample.index();
    return new SampledSearch(index.field(), index.metric(), index.type(), NEIGHBOURS, queries);
  }

  private static List<String> texts(List<Key> keys) {
    return keys.stream().map(Key::text).toList();
  }
}
