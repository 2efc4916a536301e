package io.milvusferry.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Ways to damage a file. Each makes sure that the file is another one afterwards. */
final class Damage {
  private Damage() {}

  /** Flips one bit, in place; flipping it again makes the file whole. */
  static void flip(Path file, long bit) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      assertThat(channel.read(one, bit / 8)).isEqualTo(1);
      one.put(0, (byte) (one.get(0) ^ (1 << (bit % 8))));
      assertThat(channel.write(one.flip(), bit / 8)).isEqualTo(1);
    }
  }

  /** Cuts the file to a length. */
  static void truncate(Path file, long length) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      assertThat(length).isLessThan(channel.size());
      channel.truncate(length);
    }
  }

  /** Lets two files change places. */
  static void swap(Path one, Path other) throws IOException {
    byte[] first = Files.readAllBytes(one);
    byte[] second = Files.readAllBytes(other);
    replace(one, first, second);
    replace(other, second, first);
  }

  private static void replace(Path file, byte[] before, byte[] after) throws IOException {
    assertThat(after).isNotEqualTo(before);
    Files.write(file, after);
  }
}
