package io.milvusferry.gateway.journal;

import io.milvusferry.gateway.journal.RecordTable.Row;
import io.milvusferry.record.Key;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks rows up on both sides and journals what makes them equal, while no other write of the
 * collection runs and all earlier ones are replayed.
 */
final class Repairs {
  private static final int KEYS = 1_000;

  private final WriteJournal journal;
  private final Mirror mirror;
  private final InstantSource clock;

  Repairs(WriteJournal journal, Mirror mirror, InstantSource clock) {
    this.journal = journal;
    this.mirror = mirror;
    this.clock = clock;
  }

  /** Looks any number of rows up on both sides. */
  static Sighting look(ReplaySide side, Mirror mirror, String partition, List<Key> keys) {
    Map<Key, ByteBuffer> deciding = new HashMap<>();
    Map<Key, ByteBuffer> following = new HashMap<>();
    for (List<Key> piece : pieces(keys)) {
      Sighting seen = side.look(mirror.collection(), partition, piece);
      deciding.putAll(seen.deciding());
      following.putAll(seen.following());
    }
    return new Sighting(deciding, following);
  }

  /**
   * What must be written to make those rows equal.
   *
   * @param before an earlier look at them; null to add rows only
   */
  static ReplaySide.Repair find(
      ReplaySide side, Mirror mirror, String partition, List<Key> keys, @Nullable Sighting before) {
    Map<Key, ByteBuffer> deciding = new HashMap<>();
    Map<Key, ByteBuffer> following = new HashMap<>();
    int repaired = 0;
    int losses = 0;
    int unsettled = 0;
    List<Write> writes = new ArrayList<>();
    for (List<Key> piece : pieces(keys)) {
      ReplaySide.Repair repair = side.repair(mirror.collection(), partition, piece, before);
      deciding.putAll(repair.seen().deciding());
      following.putAll(repair.seen().following());
      repaired += repair.repaired();
      losses += repair.losses();
      unsettled += repair.unsettled();
      writes.addAll(repair.writes());
    }
    return new ReplaySide.Repair(
        new Sighting(deciding, following), repaired, losses, unsettled, writes);
  }

  private static List<List<Key>> pieces(List<Key> keys) {
    List<List<Key>> pieces = new ArrayList<>();
    for (int from = 0; from < keys.size(); from += KEYS) {
      pieces.add(keys.subList(from, Math.min(keys.size(), from + KEYS)));
    }
    return pieces;
  }

  /**
   * Journals writes behind all others, on disk when this returns.
   *
   * @param resolved sequences of writes that they stand for, and that are deleted with it
   */
  void append(List<Write> writes, List<Row> resolved) {
    long mark = mirror.order().begin();
    List<Row> rows = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    long bytes = 0;
    for (Write write : writes) {
      String text = KeyText.write(write.keys());
      Row row =
          new Row(
              journal.nextSequence(),
              mirror.row().id(),
              write.kind(),
              RecordState.DONE,
              clock.millis(),
              mirror.order().last(),
              RecordTable.size(write, text),
              false);
      rows.add(row);
      keys.add(text);
      bytes += row.bytes();
    }
    mirror.tally().add(RecordState.DONE, rows.size());
    try {
      journal.commit(
          (int) Math.min(Integer.MAX_VALUE, bytes),
          statements -> {
            for (int i = 0; i < rows.size(); i++) {
              RecordTable.insert(statements, rows.get(i), writes.get(i), keys.get(i));
            }
            for (Row row : resolved) {
              RecordTable.delete(statements, row.sequence());
            }
          });
    } catch (RuntimeException e) {
      mirror.tally().add(RecordState.DONE, -rows.size());
      mirror.order().end(mark, null);
      throw e;
    }
    journal.keep(bytes - resolved.stream().mapToLong(Row::bytes).sum());
    mirror.tally().add(RecordState.UNRESOLVED, -resolved.size());
    rows.forEach(row -> mirror.order().settle(row.place()));
    mirror.order().end(mark, null);
  }
}
