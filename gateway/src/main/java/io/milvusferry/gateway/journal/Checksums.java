package io.milvusferry.gateway.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * CRC32C of what the tables hold. SQLite finds a damaged structure; these find a damaged value.
 * Numbers count with eight bytes, big-endian, text as UTF-8 with its length before it.
 */
final class Checksums {
  private final CRC32C crc = new CRC32C();
  private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);

  private Checksums() {}

  static long of(long... numbers) {
    Checksums sum = new Checksums();
    for (long n : numbers) {
      sum.add(n);
    }
    return sum.crc.getValue();
  }

  static long ofBody(long sequence, String partition, String keys, byte[] request) {
    Checksums sum = new Checksums();
    sum.add(sequence);
    sum.add(partition);
    sum.add(keys);
    sum.crc.update(request);
    return sum.crc.getValue();
  }

  static long ofAnswer(long sequence, byte[] keys) {
    Checksums sum = new Checksums();
    sum.add(sequence);
    sum.crc.update(keys);
    return sum.crc.getValue();
  }

  static long ofMirror(MirrorRow row) {
    Checksums sum = new Checksums();
    sum.add(row.id());
    sum.add(row.collection().database());
    sum.add(row.collection().name());
    sum.add(row.direction().name());
    sum.add(row.since().toEpochMilli());
    sum.add(row.sinceTimestamp());
    sum.add(row.replaying() ? 1 : 0);
    sum.add(row.readWeight());
    sum.add(row.shadowPercent());
    sum.add(row.dirty() ? 1 : 0);
    return sum.crc.getValue();
  }

  private void add(long value) {
    crc.update(number.clear().putLong(value).flip());
  }

  private void add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    add(bytes.length);
    crc.update(bytes);
  }
}
