package io.milvusferry.gateway.journal;

import io.milvusferry.record.Key;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** The rows whose writes are held: those of failed writes, and of writes that wait behind them. */
final class HeldKeys {
  private static final int MOST = 200_000;

  private final Set<Key> keys = new HashSet<>();
  private boolean newKeys;
  private boolean anyKeys;

  void add(JournalRecord write) {
    if (!write.keys().isEmpty()) {
      keys.addAll(write.keys());
    } else if (write.row().kind() == WriteKind.INSERT) {
      newKeys = true;
    } else {
      anyKeys = true;
    }
  }

  /** Whether a write may be about a held row. */
  boolean holds(JournalRecord write) {
    if (anyKeys) {
      return true;
    }
    if (write.keys().isEmpty()) {
      // Rows of keys that the server has just made are nobody else's.
      return write.row().kind() != WriteKind.INSERT && (newKeys || !keys.isEmpty());
    }
    return holdsAny(write.keys());
  }

  /** Whether one of those rows may be held. */
  boolean holdsAny(Collection<Key> rows) {
    return anyKeys || newKeys || rows.stream().anyMatch(keys::contains);
  }

  /** Whether so many rows are held that replay stops, before they fill the memory. */
  boolean tooMany() {
    return keys.size() > MOST;
  }

  void clear() {
    keys.clear();
    newKeys = false;
    anyKeys = false;
  }
}
