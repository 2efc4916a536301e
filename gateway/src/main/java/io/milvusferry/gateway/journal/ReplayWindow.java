package io.milvusferry.gateway.journal;

import io.milvusferry.record.Key;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The next writes to replay, in memory. A write is ready when no earlier one that shares a row with
 * it is left; so writes of different rows overtake each other, and writes of one row never do.
 *
 * <p>The rows of an insert whose keys the server made are known to nobody before its answer: it
 * waits for none, and every later write with keys waits for it. Any other write without keys waits
 * for all, and all wait for it. For one thread at a time.
 */
final class ReplayWindow {
  /** A write in the window. */
  static final class Entry {
    private final JournalRecord write;
    private final List<Entry> followers = new ArrayList<>();
    private int waitsFor;

    private Entry(JournalRecord write) {
      this.write = write;
    }

    JournalRecord write() {
      return write;
    }

    boolean hasKeys() {
      return !write.keys().isEmpty();
    }

    boolean hasNewKeys() {
      return !hasKeys() && write.row().kind() == WriteKind.INSERT;
    }
  }

  private final TreeMap<Place, Entry> left = new TreeMap<>();
  private final Map<Key, Entry> lastOfKey = new HashMap<>();
  private final Set<Entry> withoutKeys = new HashSet<>();
  private final Deque<Entry> ready = new ArrayDeque<>();
  private long bytes;

  /** Takes a write that stands behind all that were taken. */
  void add(JournalRecord write) {
    Entry entry = new Entry(write);
    for (Entry earlier : conflicts(entry)) {
      earlier.followers.add(entry);
      entry.waitsFor++;
    }
    left.put(write.place(), entry);
    bytes += write.row().bytes();
    write.keys().forEach(key -> lastOfKey.put(key, entry));
    if (!entry.hasKeys()) {
      withoutKeys.add(entry);
    }
    if (entry.waitsFor == 0) {
      ready.add(entry);
    }
  }

  private Set<Entry> conflicts(Entry entry) {
    Set<Entry> earlier = new HashSet<>();
    if (entry.hasKeys()) {
      for (Key key : entry.write.keys()) {
        Entry last = lastOfKey.get(key);
        if (last != null) {
          earlier.add(last);
        }
      }
      earlier.addAll(withoutKeys);
    } else if (entry.hasNewKeys()) {
      withoutKeys.stream().filter(other -> !other.hasNewKeys()).forEach(earlier::add);
    } else {
      earlier.addAll(left.values());
    }
    return earlier;
  }

  /** Takes a ready write to be sent; null when there is none. */
  @Nullable Entry next() {
    return ready.poll();
  }

  /** Puts a write back that was to be sent later. */
  void again(Entry entry) {
    ready.addFirst(entry);
  }

  /** The write is done, or not done for good: those that waited for it are ready. */
  void finish(Entry entry) {
    left.remove(entry.write.place());
    bytes -= entry.write.row().bytes();
    entry.write.keys().forEach(key -> lastOfKey.remove(key, entry));
    withoutKeys.remove(entry);
    for (Entry follower : entry.followers) {
      if (--follower.waitsFor == 0) {
        ready.add(follower);
      }
    }
  }

  /** Forgets all of them; none is being sent. */
  void clear() {
    left.clear();
    lastOfKey.clear();
    withoutKeys.clear();
    ready.clear();
    bytes = 0;
  }

  boolean isEmpty() {
    return left.isEmpty();
  }

  int size() {
    return left.size();
  }

  long bytes() {
    return bytes;
  }

  /** The first write that is left; null when none is. */
  @Nullable JournalRecord first() {
    return left.isEmpty() ? null : left.firstEntry().getValue().write();
  }
}
