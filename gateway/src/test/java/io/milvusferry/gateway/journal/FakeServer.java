package io.milvusferry.gateway.journal;

import io.milvusferry.manifest.CollectionName;
import io.milvusferry.record.Key;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A server with one collection in memory: a text for each key. */
final class FakeServer {
  final TreeMap<Long, String> rows = new TreeMap<>();

  /** The rows before the last write. */
  final TreeMap<Long, String> before = new TreeMap<>();

  private long clock;
  private long nextKey;

  /**
   * @param clock where its timestamps begin
   * @param firstKey the first key that it makes by itself
   */
  FakeServer(long clock, long firstKey) {
    this.clock = clock;
    this.nextKey = firstKey;
  }

  /** A request as the fake understands it: {@code 1=a 2=a}, {@code 1 2}, or {@code =a }. */
  static Write write(CollectionName name, WriteKind kind, List<Long> keys, String value) {
    String request =
        switch (kind) {
          case INSERT -> "=" + value + " ";
          case UPSERT -> String.join(" ", keys.stream().map(k -> k + "=" + value).toList());
          case DELETE -> String.join(" ", keys.stream().map(String::valueOf).toList());
        };
    return new Write(
        name,
        kind,
        "",
        request.getBytes(StandardCharsets.UTF_8),
        keys.stream().map(k -> (Key) new Key.Int64(k)).toList());
  }

  /** What a server answers: its timestamp, and the keys it made. */
  record Answer(long timestamp, String keys) {}

  /** Does a write as the side that decides, and as the side that follows. */
  Answer execute(WriteKind kind, byte[] request) {
    String made = "";
    List<String> words =
        new ArrayList<>(List.of(new String(request, StandardCharsets.UTF_8).split(" ")));
    if (kind == WriteKind.INSERT && words.get(0).startsWith("=")) {
      String key = words.size() > 1 ? words.get(1) : String.valueOf(nextKey++);
      made = key;
      words = List.of(key + words.get(0));
    }
    before.clear();
    before.putAll(rows);
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals < 0) {
        rows.remove(Long.parseLong(word));
      } else {
        rows.put(Long.parseLong(word.substring(0, equals)), word.substring(equals + 1));
      }
    }
    return new Answer(++clock, made);
  }

  /** Some of the rows as a {@link Sighting} holds them. */
  static Map<Key, ByteBuffer> digests(Map<Long, String> rows, List<Key> keys) {
    Map<Key, ByteBuffer> digests = new HashMap<>();
    for (Key key : keys) {
      String row = rows.get(((Key.Int64) key).value());
      if (row != null) {
        digests.put(key, ByteBuffer.wrap(row.getBytes(StandardCharsets.UTF_8)));
      }
    }
    return digests;
  }

  /** What {@link ReplaySide#repair} answers after a look. */
  static ReplaySide.Repair repair(
      CollectionName name, Sighting now, List<Key> keys, @Nullable Sighting before) {
    Sighting.Difference difference = now.difference(keys, before);
    List<Write> writes = new ArrayList<>();
    for (Key key : difference.write()) {
      ByteBuffer row = Objects.requireNonNull(now.deciding().get(key));
      String value = StandardCharsets.UTF_8.decode(row.duplicate()).toString();
      writes.add(write(name, WriteKind.UPSERT, List.of(((Key.Int64) key).value()), value));
    }
    for (Key key : difference.delete()) {
      writes.add(write(name, WriteKind.DELETE, List.of(((Key.Int64) key).value()), ""));
    }
    return new ReplaySide.Repair(
        now, writes.size(), difference.losses(), difference.unsettled(), writes);
  }
}
