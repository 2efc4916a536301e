package io.milvusferry.transfer.bundle;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the default codec makes of files, in chunks of 8 MiB: {@code CodecThroughput FILE...}.
 * Prints a line for each file: its name, raw bytes, wire bytes, CPU-seconds of packing and of
 * opening. Every chunk is opened and compared.
 */
final class CodecThroughput {
  private static final int CHUNK = 8 << 20;

  /** Rounds after which the code is compiled; the fastest of the others counts. */
  private static final int WARM_UP = 2;

  private static final int ROUNDS = 5;

  private final ChunkCodec codec = new BlockChunkCodec();
  private long wireBytes;
  private double packing = Double.MAX_VALUE;
  private double opening = Double.MAX_VALUE;

  private CodecThroughput() {}

  public static void main(String[] files) throws IOException {
    for (String file : files) {
      byte[] raw = Files.readAllBytes(Path.of(file));
      CodecThroughput run = new CodecThroughput();
      for (int round = 0; round < WARM_UP + ROUNDS; round++) {
        run.pass(raw, round >= WARM_UP);
      }
      System.out.printf(
          "%s;%d;%d;%.4f;%.4f%n",
          Path.of(file).getFileName(), raw.length, run.wireBytes, run.packing, run.opening);
    }
  }

  private void pass(byte[] raw, boolean counts) throws IOException {
    long began = cpu();
    List<byte[]> packed = new ArrayList<>();
    for (int at = 0; at < raw.length; at += CHUNK) {
      int length = Math.min(CHUNK, raw.length - at);
      packed.add(codec.encode(new ByteArrayInputStream(raw, at, length)).readAllBytes());
    }
    long middle = cpu();
    List<byte[]> opened = new ArrayList<>();
    for (byte[] wire : packed) {
      opened.add(codec.decode(new ByteArrayInputStream(wire)).readAllBytes());
    }
    long ended = cpu();
    int at = 0;
    for (byte[] chunk : opened) {
      if (!Arrays.equals(chunk, 0, chunk.length, raw, at, at + chunk.length)) {
        throw new IllegalStateException("a chunk is not what was packed");
      }
      at += chunk.length;
    }
    if (at != raw.length) {
      throw new IllegalStateException("%d of %d bytes came back".formatted(at, raw.length));
    }
    wireBytes = packed.stream().mapToLong(wire -> wire.length).sum();
    if (counts) {
      packing = Math.min(packing, (middle - began) / 1e9);
      opening = Math.min(opening, (ended - middle) / 1e9);
    }
  }

  /** Of this thread alone: the codec starts no others. */
  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
