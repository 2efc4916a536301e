package io.milvusferry.testkit;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.record.RecordBatch;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What a {@link FakeMilvus} refuses, or silently makes something else of, as older servers do. */
public final class FakeRules {
  private Function<CollectionDescription, Optional<String>> collections = any -> Optional.empty();
  private UnaryOperator<CollectionDescription> making = UnaryOperator.identity();
  private Function<CollectionSchema, Optional<String>> rows = any -> Optional.empty();
  private Function<RecordBatch, Optional<String>> values = any -> Optional.empty();
  private UnaryOperator<RecordBatch> keeping = UnaryOperator.identity();
  private Function<IndexSpec, Optional<String>> indexes = any -> Optional.empty();
  private Function<Map<String, String>, Optional<String>> properties = any -> Optional.empty();

  FakeRules() {}

  /** Collections are refused for what this says about them. */
  public synchronized void refuseCollections(
      Function<CollectionDescription, Optional<String>> rule) {
    collections = rule;
  }

  /** Collections become what this makes of them. */
  public synchronized void make(UnaryOperator<CollectionDescription> rule) {
    making = rule;
  }

  /** Rows of collections with such a schema are refused. */
  public synchronized void refuseRows(Function<CollectionSchema, Optional<String>> rule) {
    rows = rule;
  }

  /** Rows are refused for what this says about them. */
  public synchronized void refuseValues(Function<RecordBatch, Optional<String>> rule) {
    values = rule;
  }

  /** Rows become what this makes of them. */
  public synchronized void keep(UnaryOperator<RecordBatch> rule) {
    keeping = rule;
  }

  /** Indexes are refused for what this says about them. */
  public synchronized void refuseIndexes(Function<IndexSpec, Optional<String>> rule) {
    indexes = rule;
  }

  /** Properties are refused, of a new collection or an old one. */
  public synchronized void refuseProperties(Function<Map<String, String>, Optional<String>> rule) {
    properties = rule;
  }

  synchronized void checkCollection(CollectionDescription wanted) {
    check(collections.apply(wanted));
  }

  synchronized CollectionDescription made(CollectionDescription wanted) {
    return making.apply(wanted);
  }

  synchronized void checkRows(CollectionSchema schema) {
    check(rows.apply(schema));
  }

  synchronized RecordBatch kept(RecordBatch batch) {
    check(values.apply(batch));
    return keeping.apply(batch);
  }

  synchronized void checkIndex(IndexSpec index) {
    check(indexes.apply(index));
  }

  synchronized void checkProperties(Map<String, String> some) {
    check(properties.apply(some));
  }

  private static void check(Optional<String> refusal) {
    if (refusal.isPresent()) {
      throw new FerryException(
          ErrorCode.SERVER_REFUSED, refusal.get(), "Ask for something else.", null);
    }
  }
}
