package io.milvusferry.gateway.journal;

import java.util.List;
import java.util.function.Consumer;

/** The writes of a collection that are not replayed for now, on disk. */
record HeldWrites(WriteJournal journal, long mirror) {
  private static final int PAGE = 100;
  private static final long PAGE_BYTES = 16 << 20;

  /** Shows failed writes and those that wait behind them. */
  void forEach(Consumer<JournalRecord> visitor) {
    forEach(RecordState.FAILED, visitor);
    forEach(RecordState.BLOCKED, visitor);
  }

  /** Shows those in a state, oldest first. */
  void forEach(RecordState state, Consumer<JournalRecord> visitor) {
    long last = 0;
    while (true) {
      List<JournalRecord> page = page(state, last);
      if (page.isEmpty()) {
        return;
      }
      page.forEach(visitor);
      last = page.get(page.size() - 1).sequence();
    }
  }

  /** The first ones in a state after a sequence; none when there are no more. */
  List<JournalRecord> page(RecordState state, long afterSequence) {
    return journal.held(mirror, state, afterSequence, PAGE, PAGE_BYTES);
  }
}
