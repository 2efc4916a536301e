package io.milvusferry.exporter;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.manifest.LoadState;
import io.milvusferry.progress.ProgressSink;
import java.time.Duration;
import java.util.List;

/**
 * Makes a collection readable for the time of an export: loads it, and indexes it first where it
 * has no index. What was done is journaled before it is done, and undone by {@link #end}, also by a
 * later run after a crash.
 */
final class SourceLease {
  private static final Duration LOAD_DEADLINE = Duration.ofMinutes(30);
  private static final String INDEX_PREFIX = "ferry_temporary_";

  private final CollectionSource source;
  private final CollectionDescription description;
  private final ExportJournal journal;

  SourceLease(CollectionSource source, CollectionDescription description, ExportJournal journal) {
    this.source = source;
    this.description = description;
    this.journal = journal;
  }

  /** The collection as it is without what an export does to it for its time. */
  static CollectionDescription untouched(
      CollectionDescription description, ExportJournal.Progress progress) {
    List<IndexSpec> own =
        description.indexes().stream()
            .filter(index -> !index.name().startsWith(INDEX_PREFIX))
            .toList();
    boolean loadedByUs = progress.loaded();
    return description
        .withIndexes(own)
        .withLoadState(
            loadedByUs ? LoadState.NOT_LOADED : description.loadState(),
            loadedByUs ? 0 : description.replicas());
  }

  /**
   * Fails when the collection cannot be read as it is and the request does not allow to change
   * that.
   */
  static void requireReadable(
      CollectionSource source, CollectionDescription description, ExportRequest request) {
    if (source.excerpt().schemaOnly() || source.loadState() == LoadState.LOADED) {
      return;
    }
    if (!description.vectorsWithoutIndex().isEmpty() && !request.temporaryIndex()) {
      throw new FerryException(
          ErrorCode.COLLECTION_NOT_INDEXED,
          "collection %s has no index on %s, so it cannot be loaded and read"
              .formatted(description.name(), description.vectorsWithoutIndex().get(0).name()),
          "Add --temporary-index: an index is made for the time of the export and dropped afterwards.",
          null);
    }
    if (!request.load() && !request.temporaryIndex()) {
      throw new FerryException(
          ErrorCode.COLLECTION_NOT_LOADED,
          "collection %s is not loaded, so it cannot be read".formatted(description.name()),
          "Add --load: the collection is loaded for the time of the export and released afterwards.",
          null);
    }
  }

  /** Whether no row is read, so that the collection need not be readable. */
  boolean needless() {
    return source.excerpt().schemaOnly();
  }

  /** Makes the collection readable. */
  void begin(ProgressSink progress) {
    if (needless() || source.loadState() == LoadState.LOADED) {
      return;
    }
    if (!description.vectorsWithoutIndex().isEmpty()) {
      String index = INDEX_PREFIX + source.identity().id();
      progress.notice("%s: making a temporary index".formatted(description.name()));
      journal.indexing(description.name(), index);
      source.createTemporaryIndexes(index, LOAD_DEADLINE);
    }
    progress.notice("%s: loading for the time of the export".formatted(description.name()));
    journal.loading(description.name());
    source.load(1, LOAD_DEADLINE);
  }

  /** Undoes what this or an earlier run did. */
  void end() {
    ExportJournal.Progress progress = journal.progress(description.name());
    if (progress.loaded()) {
      source.release();
      journal.released(description.name());
    }
    progress
        .temporaryIndex()
        .ifPresent(
            index -> {
              source.dropIndexes(index);
              journal.indexDropped(description.name());
            });
  }
}
