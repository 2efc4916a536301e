package io.milvusferry.migration.live;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.Reconciled;
import io.milvusferry.gateway.RepairScope;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Key;
import io.milvusferry.verify.RowFinding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rows that seem to differ in one round of comparison, on their way to the gateway. Rows that
 * are missing go at once; rows that would be overwritten or deleted are kept until all are known,
 * and go if the gateway does not find too many of them. Most of them differ for a moment only,
 * because they are being written, and the gateway finds nothing to do.
 */
final class RepairRound {
  private static final int BATCH = 1_000;

  /** More keys are counted, but not kept in memory: the next round finds them again. */
  private static final long MOST_KEPT = 1_000_000;

  private static final int TRIES = 5;
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(5);

  private record Batch(String partition, List<Key> keys) {}

  private final LiveSetup setup;
  private final Pace pace;
  private final CollectionName name;
  private final FieldSpec key;
  private final Map<String, List<Key>> missing = new TreeMap<>();
  private final Map<String, List<Key>> others = new TreeMap<>();
  private long kept;
  private long notKept;
  private long repaired;
  private long unsettled;

  RepairRound(LiveSetup setup, Pace pace, CollectionName name) {
    this.setup = setup;
    this.pace = pace;
    this.name = name;
    this.key = setup.source().source(name).schema().primaryKey();
  }

  /** Takes a row. */
  void add(RowFinding finding) {
    Key row = key(finding);
    if (finding.kind() == RowFinding.Kind.MISSING) {
      List<Key> keys = missing.computeIfAbsent(finding.partition(), none -> new ArrayList<>());
      keys.add(row);
      if (keys.size() == BATCH) {
        reconcile(new Batch(finding.partition(), keys), RepairScope.ADDITIONS);
        keys.clear();
      }
      return;
    }
    if (kept == MOST_KEPT) {
      notKept++;
      return;
    }
    kept++;
    others.computeIfAbsent(finding.partition(), none -> new ArrayList<>()).add(row);
  }

  private Key key(RowFinding finding) {
    if (finding.kind() == RowFinding.Kind.CONTENT) {
      throw new FerryException(
          ErrorCode.BUG,
          "rows of %s were compared without their keys".formatted(name),
          "Please report this.",
          null);
    }
    return Key.parse(key, finding.key());
  }

  /** Adds the last of the rows that the side that follows lacks. */
  void addMissing() {
    missing.forEach(
        (partition, keys) -> reconcile(new Batch(partition, keys), RepairScope.ADDITIONS));
    missing.clear();
  }

  /**
   * Overwrites and deletes.
   *
   * @param most how many rows may be
   * @return 0; or, where it would be more rows, how many, as far as they were counted
   */
  long repairOthers(long most) {
    List<Batch> batches = batches();
    if (kept > most) {
      List<Batch> certain = new ArrayList<>();
      long losses = count(batches, most, certain);
      if (losses > most) {
        return losses;
      }
      batches = certain;
    }
    long left = most;
    for (Batch batch : batches) {
      Reconciled done = reconcile(batch, RepairScope.upTo((int) Math.min(left, BATCH)));
      if (done.refused() > 0) {
        return most - left + done.refused();
      }
      left -= done.repaired();
    }
    unsettled += notKept;
    return 0;
  }

  /**
   * Counts rows that would truly be lost, no further than it must.
   *
   * @param certain takes the batches that hold them
   */
  private long count(List<Batch> batches, long most, List<Batch> certain) {
    long losses = 0;
    for (Batch batch : batches) {
      Reconciled counted = reconcile(batch, RepairScope.upTo(0));
      if (counted.refused() > 0) {
        certain.add(batch);
        losses += counted.refused();
      }
      if (losses > most) {
        break;
      }
    }
    return losses;
  }

  private List<Batch> batches() {
    List<Batch> batches = new ArrayList<>();
    others.forEach(
        (partition, keys) -> {
          for (int from = 0; from < keys.size(); from += BATCH) {
            int to = Math.min(keys.size(), from + BATCH);
            batches.add(new Batch(partition, keys.subList(from, to)));
          }
        });
    return batches;
  }

  private Reconciled reconcile(Batch batch, RepairScope scope) {
    for (int attempt = 1; ; attempt++) {
      try {
        Reconciled done =
            setup.gateway().reconcile(name, batch.partition(), List.copyOf(batch.keys()), scope);
        if (done.refused() == 0) {
          repaired += done.repaired();
          unsettled += done.unsettled();
        }
        return done;
      } catch (FerryException e) {
        if (e.code() != ErrorCode.MIRROR_BUSY || attempt == TRIES) {
          throw e;
        }
        pace.pause(BETWEEN_TRIES);
      }
    }
  }

  /** Rows that truly differed, and were made the same. */
  long repaired() {
    return repaired;
  }

  /** Rows that differ and were left for the next round. */
  long unsettled() {
    return unsettled;
  }
}
