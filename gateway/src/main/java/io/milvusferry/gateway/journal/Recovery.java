package io.milvusferry.gateway.journal;

import io.milvusferry.gateway.journal.RecordTable.Row;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds out where the last process left the journal, and makes it ready to go on: a write that was
 * asked for and not answered is of unknown outcome.
 */
final class Recovery {
  private static final int PURGE = 500;

  /**
   * A mirrored collection as it was left.
   *
   * @param last the last of the writes that are to be replayed
   */
  record Found(MirrorRow row, Place last, Tally tally, long followerTimestamp) {}

  private final WriteJournal journal;
  private final long dueMillis;
  private final Set<Long> withoutKeys = new HashSet<>();

  Recovery(WriteJournal journal, InstantSource clock, Duration settling) {
    this.journal = journal;
    this.dueMillis = clock.millis() + settling.toMillis();
  }

  List<Found> run() {
    List<MirrorRow> rows = journal.read(MirrorTable::all);
    Map<Long, Tally> tallies = new HashMap<>();
    Map<Long, Place> last = new HashMap<>();
    rows.forEach(row -> tallies.put(row.id(), new Tally()));
    List<Row> intended = new ArrayList<>();
    journal.scan(
        row -> {
          Tally tally = tallies.get(row.mirror());
          if (tally == null) {
            return; // of a collection that was forgotten
          }
          journal.keep(row.bytes());
          if (row.state() == RecordState.INTENDED) {
            intended.add(row);
          } else {
            tally.add(row.state(), 1);
          }
          if (row.state() != RecordState.UNRESOLVED) {
            last.merge(row.mirror(), row.place(), (a, b) -> a.compareTo(b) > 0 ? a : b);
          }
        });
    Set<Long> dirty = resolve(intended, tallies);
    List<Found> found = new ArrayList<>();
    for (MirrorRow row : rows) {
      MirrorRow now = dirty.contains(row.id()) ? row.withDirty(true) : row;
      found.add(
          new Found(
              now,
              last.getOrDefault(row.id(), Place.START),
              tallies.getOrDefault(row.id(), new Tally()),
              journal.read(statements -> MirrorTable.follower(statements, row.id()))));
    }
    mark(intended, found);
    purge(journal);
    return found;
  }

  /** Whether it has keys decides what becomes of a write: those with keys can be looked up. */
  private Set<Long> resolve(List<Row> intended, Map<Long, Tally> tallies) {
    Set<Long> dirty = new HashSet<>();
    for (Row row : List.copyOf(intended)) {
      Tally tally = tallies.get(row.mirror());
      if (tally != null
          && !journal.read(statements -> RecordTable.read(statements, row)).keys().isEmpty()) {
        tally.add(RecordState.UNRESOLVED, 1);
      } else {
        dirty.add(row.mirror());
        journal.keep(-row.bytes());
        withoutKeys.add(row.sequence());
      }
    }
    return dirty;
  }

  private void mark(List<Row> intended, List<Found> found) {
    if (intended.isEmpty()) {
      return;
    }
    journal.commit(
        0,
        statements -> {
          for (Found mirror : found) {
            MirrorTable.put(statements, mirror.row());
          }
          for (Row row : intended) {
            if (withoutKeys.contains(row.sequence())) {
              RecordTable.delete(statements, row.sequence());
            } else {
              RecordTable.mark(statements, row.unresolved(dueMillis));
            }
          }
        });
  }

  /**
   * Deletes the writes of collections that are not mirrored any more, a few at a time.
   *
   * @return how many bytes they held
   */
  static long purge(WriteJournal journal) {
    long bytes = 0;
    while (true) {
      List<Long> orphans = new ArrayList<>();
      bytes += journal.read(statements -> orphans(statements, orphans));
      if (orphans.isEmpty()) {
        return bytes;
      }
      journal.commit(
          0,
          statements -> {
            for (long sequence : orphans) {
              RecordTable.delete(statements, sequence);
            }
          });
    }
  }

  private static long orphans(Statements statements, List<Long> sequences) throws SQLException {
    PreparedStatement select =
        statements.of(
            "SELECT sequence, bytes FROM record WHERE mirror NOT IN (SELECT id FROM mirror)"
                + " LIMIT "
                + PURGE);
    long bytes = 0;
    try (ResultSet found = select.executeQuery()) {
      while (found.next()) {
        sequences.add(found.getLong(1));
        bytes += found.getLong(2);
      }
    }
    return bytes;
  }
}
