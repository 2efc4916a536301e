package io.milvusferry.exporter.segment;

import io.milvusferry.record.Column;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A run of deletes in a file that is gone when the run is closed: for each its key (i64, or i32
 * length and UTF-8) and its timestamp (i64).
 */
final class SpilledDeletes extends DeleteRun {
  private static final int BLOCK = 4096;
  private static final int BUFFER = 1 << 16;

  private final FileChannel channel;
  private final DataInputStream in;
  private final boolean numbers;
  private long left;

  private SpilledDeletes(FileChannel channel, boolean numbers, long count) {
    this.channel = channel;
    this.numbers = numbers;
    this.left = count;
    this.in =
        new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), BUFFER));
  }

  /** Writes a run into a new file of a directory. */
  static SpilledDeletes write(Path directory, DeleteBlock run) throws IOException {
    FileChannel channel = ScratchFile.open(directory, "deletes");
    try {
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER));
      for (int i = 0; i < run.size(); i++) {
        writeKey(out, run.keys(), i);
        out.writeLong(run.timestamps()[i]);
      }
      out.flush();
      channel.position(0);
      return new SpilledDeletes(channel, run.keys() instanceof Keys.Numbers, run.size());
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static void writeKey(DataOutputStream out, Keys keys, int row) throws IOException {
    if (keys instanceof Keys.Numbers known) {
      out.writeLong(known.values()[row]);
    } else {
      byte[] text = ((Keys.Texts) keys).values().get(row);
      out.writeInt(text.length);
      out.write(text);
    }
  }

  @Override
  @Nullable DeleteBlock read() throws IOException {
    int count = (int) Math.min(BLOCK, left);
    left -= count;
    return count == 0 ? null : numbers ? readNumbers(count) : readTexts(count);
  }

  private DeleteBlock readNumbers(int count) throws IOException {
    long[] keys = new long[count];
    long[] timestamps = new long[count];
    for (int i = 0; i < count; i++) {
      keys[i] = in.readLong();
      timestamps[i] = in.readLong();
    }
    return new DeleteBlock(new Keys.Numbers(keys), timestamps);
  }

  private DeleteBlock readTexts(int count) throws IOException {
    int[] offsets = new int[count + 1];
    byte[] bytes = {};
    long[] timestamps = new long[count];
    for (int i = 0; i < count; i++) {
      offsets[i + 1] = offsets[i] + in.readInt();
      if (offsets[i + 1] > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(BUFFER, 2 * offsets[i + 1]));
      }
      in.readFully(bytes, offsets[i], offsets[i + 1] - offsets[i]);
      timestamps[i] = in.readLong();
    }
    return new DeleteBlock(new Keys.Texts(new Column.Bytes(offsets, bytes)), timestamps);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException expected) {
      // Only a copy is lost, which is of no further use.
    }
  }
}
