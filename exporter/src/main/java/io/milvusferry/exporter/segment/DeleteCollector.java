package io.milvusferry.exporter.segment;

import com.google.gson.stream.JsonReader;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Gathers deletes in any order, sorts them by key, and keeps the newest of each. Where there are
 * many, sorted runs go to files, so that memory is bounded whatever their number.
 */
final class DeleteCollector {
  /** Deletes that are sorted at once. */
  static final int MOST = 1 << 20;

  private static final int MOST_TEXT_BYTES = 32 << 20;

  private final boolean numbers;
  private final long newest;
  private final Path directory;
  private final int most;
  private final List<DeleteRun> runs = new ArrayList<>();
  private long[] keys = new long[256];
  private long[] timestamps = new long[256];
  private int[] offsets = new int[257];
  private byte[] texts = {};
  private int size;
  private boolean younger;

  /**
   * @param newest hybrid timestamp after which deletes do not count
   * @param directory takes files where there are many deletes
   * @param most deletes that are sorted at once, at most {@link #MOST}
   */
  DeleteCollector(FieldSpec key, long newest, Path directory, int most) {
    this.numbers = key.type() == FieldType.INT64;
    this.newest = newest;
    this.directory = directory;
    this.most = most;
  }

  /**
   * Adds deletes, each a text such as {@code {"pk":2,"ts":470655412595326977,"pkType":5}}.
   *
   * @throws IOException when one is of another form, or a file cannot be written
   */
  void add(Column.Bytes deletes) throws IOException {
    for (int row = 0; row < deletes.rows(); row++) {
      add(new String(deletes.get(row), StandardCharsets.UTF_8));
    }
  }

  private void add(String delete) throws IOException {
    String key = null;
    long timestamp = 0;
    try (JsonReader json = new JsonReader(new StringReader(delete))) {
      json.beginObject();
      while (json.hasNext()) {
        switch (json.nextName()) {
          case "pk" -> key = json.nextString();
          case "ts" -> timestamp = json.nextLong();
          default -> json.skipValue();
        }
      }
      json.endObject();
    } catch (IOException | IllegalStateException | NumberFormatException e) {
      throw new IOException("a delete is '%s'".formatted(delete), e);
    }
    if (key == null || timestamp <= 0) {
      throw new IOException("a delete is '%s'".formatted(delete));
    }
    if (timestamp <= newest) {
      add(key, timestamp);
    } else {
      younger = true;
    }
  }

  private void add(String key, long timestamp) throws IOException {
    if (size == timestamps.length) {
      timestamps = Arrays.copyOf(timestamps, 2 * size);
      keys = numbers ? Arrays.copyOf(keys, 2 * size) : keys;
      offsets = numbers ? offsets : Arrays.copyOf(offsets, 2 * size + 1);
    }
    timestamps[size] = timestamp;
    if (numbers) {
      try {
        keys[size] = Long.parseLong(key);
      } catch (NumberFormatException e) {
        throw new IOException("a delete has the key '%s'".formatted(key), e);
      }
    } else {
      byte[] text = key.getBytes(StandardCharsets.UTF_8);
      offsets[size + 1] = Math.addExact(offsets[size], text.length);
      if (offsets[size + 1] > texts.length) {
        texts = Arrays.copyOf(texts, Math.max(1024, 2 * offsets[size + 1]));
      }
      System.arraycopy(text, 0, texts, offsets[size], text.length);
    }
    size++;
    if (size == most || (!numbers && offsets[size] > MOST_TEXT_BYTES)) {
      runs.add(SpilledDeletes.write(directory, sorted()));
    }
  }

  /** All deletes so far; the collector is of no further use. */
  Deletes done() {
    if (size > 0) {
      runs.add(DeleteRun.of(sorted()));
    }
    return new Deletes(List.copyOf(runs));
  }

  /** Whether any delete did not count. */
  boolean hasYounger() {
    return younger;
  }

  /** Gives up what was gathered. */
  void abandon() {
    runs.forEach(DeleteRun::close);
  }

  private DeleteBlock sorted() {
    Column column =
        numbers
            ? new Column.Int64(Arrays.copyOf(keys, size))
            : new Column.Bytes(Arrays.copyOf(offsets, size + 1), texts);
    long[] moments = Arrays.copyOf(timestamps, size);
    Keys all = Keys.of(column);
    int[] order = new RowOrder(all, moments).sort(IntStream.range(0, size).toArray());
    int count = 0;
    for (int i = 0; i < order.length; i++) {
      // The newest of a key comes first.
      if (i == 0 || all.compare(order[i], all, order[i - 1]) != 0) {
        order[count++] = order[i];
      }
    }
    int[] kept = Arrays.copyOf(order, count);
    size = 0;
    return new DeleteBlock(
        Keys.of(column.select(kept)),
        ((Column.Int64) new Column.Int64(moments).select(kept)).values());
  }
}
