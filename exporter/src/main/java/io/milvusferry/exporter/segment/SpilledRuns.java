package io.milvusferry.exporter.segment;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import io.milvusferry.record.Key;
import io.milvusferry.record.RecordBatch;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sorted rows of units in one file, which is gone when the runs are closed. Of each unit that is
 * being merged some rows are in memory, so that units with keys in random order need little of it.
 */
final class SpilledRuns implements RowRuns {
  private static final int LEAST_CHUNK = 1 << 16;
  private static final int MOST_CHUNK = 1 << 20;
  private static final int BUFFER = 1 << 16;

  /** Where rows lie in the file, and how many bytes they take. */
  private record Chunk(long position, int bytes) {}

  /** The chunks of one unit. */
  private record Spilled(Key least, List<Chunk> chunks) {}

  private final FileChannel channel;
  private final List<FieldSpec> fields;
  private final Deque<Spilled> runs = new ArrayDeque<>();

  private SpilledRuns(FileChannel channel, List<FieldSpec> fields) {
    this.channel = channel;
    this.fields = fields;
  }

  /**
   * Writes the rows of all these units into a file.
   *
   * @param units are taken and released one after the other
   * @param count how many units there are
   * @param fields of the rows
   * @param directory takes the file
   * @param room bytes of memory that rows of all units together may take
   */
  static SpilledRuns write(
      RowRuns units, int count, List<FieldSpec> fields, Path directory, long room)
      throws IOException, InterruptedException {
    FileChannel channel = ScratchFile.open(directory, "rows");
    SpilledRuns spilled = new SpilledRuns(channel, fields);
    try {
      long chunk = Math.max(LEAST_CHUNK, Math.min(MOST_CHUNK, room / count));
      while (units.next() != null) {
        Optional<RowRun> unit = units.take();
        if (unit.isPresent()) {
          spilled.add(unit.get().rows(), chunk);
          unit.get().close();
        }
      }
      return spilled;
    } catch (IOException | InterruptedException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void add(UnitRows rows, long chunkBytes) throws IOException {
    int most = (int) Math.max(1, chunkBytes / rows.bytesPerRow());
    List<Chunk> chunks = new ArrayList<>();
    for (int from = 0; from < rows.rows(); from += most) {
      int to = Math.min(rows.rows(), from + most);
      long position = channel.position();
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER));
      for (Column column : rows.batch().slice(from, to).columns()) {
        SpilledColumn.write(column, out);
      }
      SpilledColumn.write(new Column.Int64(rows.timestamps(from, to)), out);
      out.flush();
      chunks.add(new Chunk(position, Math.toIntExact(channel.position() - position)));
    }
    runs.add(new Spilled(rows.keys().key(0), chunks));
  }

  @Override
  public @Nullable Key next() {
    Spilled first = runs.peek();
    return first == null ? null : first.least();
  }

  @Override
  public Optional<RowRun> take() throws IOException {
    Run run = new Run(runs.remove());
    return run.advance() ? Optional.of(run) : Optional.empty();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException expected) {
      // Only a copy is lost, which is of no further use.
    }
  }

  /** The rows of one unit, chunk after chunk. */
  private final class Run implements RowRun {
    private final Iterator<Chunk> chunks;
    private @Nullable UnitRows rows;

    Run(Spilled spilled) {
      this.chunks = spilled.chunks().iterator();
    }

    @Override
    public UnitRows rows() {
      return Objects.requireNonNull(rows, "advance() was not called, or said no");
    }

    @Override
    public boolean advance() throws IOException {
      boolean more = chunks.hasNext();
      rows = more ? read(chunks.next()) : null;
      return more;
    }

    @Override
    public void close() {
      rows = null;
    }
  }

  private UnitRows read(Chunk chunk) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(chunk.bytes());
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, chunk.position() + bytes.position()) < 0) {
        throw new EOFException("rows that were written a moment ago are gone");
      }
    }
    bytes.flip();
    List<Column> columns = new ArrayList<>(fields.size());
    for (int i = 0; i < fields.size(); i++) {
      columns.add(SpilledColumn.read(bytes));
    }
    Column.Int64 timestamps = (Column.Int64) SpilledColumn.read(bytes);
    RecordBatch batch = new RecordBatch(fields, columns, timestamps.rows());
    return new UnitRows(batch, timestamps.values(), chunk.bytes());
  }
}
