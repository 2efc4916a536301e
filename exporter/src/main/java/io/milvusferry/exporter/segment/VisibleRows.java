package io.milvusferry.exporter.segment;

import io.milvusferry.error.LocalFailure;
import io.milvusferry.record.Key;
import io.milvusferry.record.PickedRows;
import io.milvusferry.record.RecordBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The visible rows of one partition, by ascending key: of each key the newest row, unless a newer
 * delete took it away. Merges units, of which it holds those whose keys overlap. For one thread.
 */
public final class VisibleRows implements AutoCloseable {
  private static final int MAX_ROWS = 8192;
  private static final long MAX_BYTES = 8L << 20;

  private final RowRuns runs;
  private final Deletes deletes;
  private final boolean copies;
  private final Path directory;
  private final PriorityQueue<Head> heads = new PriorityQueue<>();
  private @Nullable Keys lastKeys;
  private int lastRow;
  private long lastTimestamp;
  private long physical;

  /**
   * @param copies whether runs may hold copies of rows of others
   * @param directory where deletes may lie, for messages
   */
  VisibleRows(RowRuns runs, Deletes deletes, boolean copies, Path directory) {
    this.copies = copies;
    this.runs = runs;
    this.deletes = deletes;
    this.directory = directory;
  }

  /** Rows so far that no delete took away, also those that a newer row of their key hides. */
  public long physical() {
    return physical;
  }

  /** The next rows, or null at the end. */
  public @Nullable RecordBatch next() throws InterruptedException {
    try {
      Picks picks = new Picks();
      while (!picks.isFull() && openDue()) {
        takeRun(picks);
      }
      return picks.batch();
    } catch (IOException e) {
      throw LocalFailure.of(e, directory);
    }
  }

  /** Opens every run that may hold the least key; false if no row is left. */
  private boolean openDue() throws IOException, InterruptedException {
    for (Key next = runs.next(); next != null; next = runs.next()) {
      Head least = heads.peek();
      if (least != null && least.rows.keys().compare(least.row, Keys.of(next), 0) < 0) {
        break;
      }
      runs.take().ifPresent(run -> heads.add(new Head(run)));
    }
    return !heads.isEmpty();
  }

  /** Picks rows of the least head up to the next key of another, or until the picks are full. */
  private void takeRun(Picks picks) throws IOException {
    Head head = heads.remove();
    Head other = heads.peek();
    Key next = runs.next();
    Keys bound = next == null ? null : Keys.of(next);
    Keys keys = head.rows.keys();
    do {
      take(head.rows, head.row, picks);
      head.row++;
    } while (head.row < head.rows.rows()
        && !picks.isFull()
        && (other == null || head.compareTo(other) < 0)
        && (bound == null || keys.compare(head.row, bound, 0) < 0));
    if (head.row < head.rows.rows() || head.advance()) {
      heads.add(head);
    } else {
      picks.finished(head.run);
    }
  }

  private void take(UnitRows rows, int row, Picks picks) throws IOException {
    Keys keys = rows.keys();
    boolean deleted = !deletes.isEmpty() && deletes.newest(keys, row) > rows.timestamp(row);
    Keys last = lastKeys;
    boolean hidden = last != null && last.compare(lastRow, keys, row) == 0;
    boolean copy = copies && hidden && lastTimestamp == rows.timestamp(row);
    if (!deleted && !copy) {
      physical++;
    }
    lastKeys = keys;
    lastRow = row;
    lastTimestamp = rows.timestamp(row);
    if (!deleted && !hidden) {
      picks.add(rows, row);
    }
  }

  @Override
  public void close() {
    runs.close();
    deletes.close();
  }

  /** Where one run stands. */
  private static final class Head implements Comparable<Head> {
    private final RowRun run;
    private UnitRows rows;
    private int row;

    Head(RowRun run) {
      this.run = run;
      this.rows = run.rows();
    }

    /** Goes to the next rows in memory; false at the end of the run. */
    boolean advance() throws IOException {
      if (!run.advance()) {
        return false;
      }
      rows = run.rows();
      row = 0;
      return true;
    }

    /** By key, and the newest of a key first. */
    @Override
    public int compareTo(Head other) {
      int byKey = rows.keys().compare(row, other.rows.keys(), other.row);
      return byKey != 0
          ? byKey
          : Long.compare(other.rows.timestamp(other.row), rows.timestamp(row));
    }
  }

  /** The rows of the batch at hand. */
  private static final class Picks {
    private final List<UnitRows> sources = new ArrayList<>();
    private final IdentityHashMap<UnitRows, Integer> places = new IdentityHashMap<>();
    private final List<RowRun> finished = new ArrayList<>();
    private int[] from = new int[1024];
    private int[] rows = new int[1024];
    private int size;
    private long bytes;
    private @Nullable UnitRows current;
    private int source;

    boolean isFull() {
      return size >= MAX_ROWS || bytes >= MAX_BYTES;
    }

    void add(UnitRows unit, int row) {
      if (unit != current) {
        source = places.computeIfAbsent(unit, first -> sources.size());
        if (source == sources.size()) {
          sources.add(unit);
        }
        current = unit;
      }
      if (size == rows.length) {
        from = Arrays.copyOf(from, 2 * size);
        rows = Arrays.copyOf(rows, 2 * size);
      }
      from[size] = source;
      rows[size++] = row;
      bytes += unit.bytesPerRow();
    }

    /** The run has no more rows; it is given up when the batch is made. */
    void finished(RowRun run) {
      finished.add(run);
    }

    @Nullable RecordBatch batch() {
      RecordBatch batch = size == 0 ? null : picked();
      finished.forEach(RowRun::close);
      return batch;
    }

    private RecordBatch picked() {
      int[] picked = Arrays.copyOf(rows, size);
      if (sources.size() == 1) {
        RecordBatch only = sources.get(0).batch();
        boolean run = picked[size - 1] - picked[0] == size - 1;
        return run ? only.slice(picked[0], picked[0] + size) : only.select(picked);
      }
      return PickedRows.of(
          sources.stream().map(UnitRows::batch).toList(), Arrays.copyOf(from, size), picked);
    }
  }
}
