package io.milvusferry.importer;

import io.milvusferry.connector.CollectionTarget;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.LoadState;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.Slice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Loads parts into one collection by inserting their rows in order, each exactly once.
 *
 * <p>The journal says how far a part is, and which rows were about to be sent. Rows in doubt are
 * looked up by key where the collection can be read; elsewhere they replace themselves by key
 * (upsert, or delete and insert), which leaves one row whether or not they had arrived. Rows whose
 * keys the server makes cannot be found again: then the load fails with {@code IMPORT_UNCERTAIN}.
 */
final class RowLoader {
  private static final Duration FIRST_WAIT = Duration.ofMillis(500);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final ImportContext context;
  private final TargetCollection collection;
  private final LongConsumer insertedRows;

  /**
   * @param insertedRows hears how many rows each batch brought
   */
  RowLoader(ImportContext context, TargetCollection collection, LongConsumer insertedRows) {
    this.context = context;
    this.collection = collection;
    this.insertedRows = insertedRows;
  }

  /** Loads a part that is not loaded and has no open bulk import. */
  void load(PartEntry part) {
    context.times().run(ImportStage.INSERT, () -> insertRows(part));
  }

  private void insertRows(PartEntry part) {
    PartProgress progress = collection.log().progress(part);
    try (PartRows rows =
        new PartRows(
            context.archive().open(collection.entry(), part), collection.description().schema())) {
      rows.skip(progress.insertedRows());
      if (progress.doubtfulUpTo() > progress.insertedRows()) {
        awaitSettled(progress.doubtfulSince());
      }
      while (progress.doubtfulUpTo() > progress.insertedRows()) {
        RecordBatch batch = next(rows, progress.doubtfulUpTo() - progress.insertedRows());
        if (batch == null) {
          throw truncated(part, progress);
        }
        deliver(part, batch, true);
      }
      while (progress.insertedRows() < part.rows()) {
        RecordBatch batch = next(rows, part.rows() - progress.insertedRows());
        if (batch == null) {
          throw truncated(part, progress);
        }
        collection.log().inserting(part, progress.insertedRows() + batch.rows());
        deliver(part, batch, false);
      }
    }
    collection.log().loaded(part);
  }

  private @Nullable RecordBatch next(PartRows rows, long most) {
    return rows.next(Math.min(most, context.limits().batchRows()), context.limits().batchBytes());
  }

  /** Sends rows until they are in the target for certain, and records that. */
  private void deliver(PartEntry part, RecordBatch batch, boolean doubtful) {
    boolean unsure = doubtful;
    Duration wait = FIRST_WAIT;
    for (int attempt = 1; ; attempt++) {
      try {
        if (unsure) {
          resolve(part, batch);
        } else {
          insert(part, batch);
        }
        break;
      } catch (FerryException e) {
        if (!e.code().retryable()
            || e.code() == ErrorCode.INTERRUPTED
            || attempt >= context.limits().tries()) {
          throw e;
        }
        context
            .progress()
            .notice(
                "insert into %s is tried again: %s".formatted(collection.name(), e.getMessage()));
        if (e.code() == ErrorCode.SERVER_QUOTA) {
          context.pause().pause(wait);
        } else {
          unsure = true;
          context.pause().pause(longer(wait, context.limits().settle()));
        }
        wait = wait.multipliedBy(2);
        wait = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
      }
    }
    collection.log().inserted(part, collection.log().progress(part).insertedRows() + batch.rows());
    insertedRows.accept(batch.rows());
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private void insert(PartEntry part, RecordBatch batch) {
    target()
        .insert(
            collection.partitionName(part),
            collection.newKeys() ? PartRows.withoutKey(batch) : batch);
  }

  /** Brings rows in that may be there already. */
  private void resolve(PartEntry part, RecordBatch batch) {
    if (collection.newKeys()) {
      throw new FerryException(
          ErrorCode.IMPORT_UNCERTAIN,
          "cannot tell which of %d rows of %s arrived in %s, as the server makes its keys"
              .formatted(batch.rows(), part.path(), collection.name()),
          "Import the collection anew with --on-existing replace.",
          null);
    }
    String partition = collection.partitionName(part);
    if (context.server().source(collection.name()).loadState() == LoadState.LOADED) {
      Set<Key> present = present(partition, batch);
      int[] missing =
          IntStream.range(0, batch.rows())
              .filter(row -> !present.contains(batch.key(row)))
              .toArray();
      if (missing.length > 0) {
        insert(part, batch.select(missing));
      }
    } else if (context.server().capabilities().upsert()) {
      target().upsert(partition, batch);
    } else {
      List<Key> keys = new ArrayList<>();
      for (int row = 0; row < batch.rows(); row++) {
        keys.add(batch.key(row));
      }
      target().delete(partition, keys);
      insert(part, batch);
    }
  }

  /** Those keys of a batch, which is in key order, that the target holds. */
  private Set<Key> present(String partition, RecordBatch batch) {
    Key last = batch.key(batch.rows() - 1);
    Slice slice = new Slice(partition, new KeyRange(batch.key(0), null));
    Set<Key> present = new HashSet<>();
    String keyField = collection.description().schema().primaryKey().name();
    try (BatchCursor cursor =
        context.server().source(collection.name()).scan(slice, Set.of(keyField))) {
      RecordBatch found = cursor.next();
      while (found != null) {
        for (int row = 0; row < found.rows(); row++) {
          Key key = found.key(row);
          if (key.compareTo(last) > 0) {
            return present;
          }
          present.add(key);
        }
        found = cursor.next();
      }
    }
    return present;
  }

  /** Waits as long as the server may still act on a call that this process no longer hears of. */
  private void awaitSettled(long sinceMillis) {
    Instant end = Instant.ofEpochMilli(sinceMillis).plus(context.limits().settle());
    Duration left = Duration.between(context.clock().instant(), end);
    if (!left.isNegative() && !left.isZero()) {
      context
          .pause()
          .pause(left.compareTo(context.limits().settle()) > 0 ? context.limits().settle() : left);
    }
  }

  private FerryException truncated(PartEntry part, PartProgress progress) {
    return new FerryException(
        ErrorCode.PART_UNREADABLE,
        "%s ends after %d of %d rows".formatted(part.path(), progress.insertedRows(), part.rows()),
        "Verify the archive; it changed while it was imported.",
        null);
  }

  private CollectionTarget target() {
    return context.server().target(collection.name());
  }
}
