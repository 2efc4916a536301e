package io.milvusferry.gateway.journal;

import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a write of a collection may be replayed: in the order of the deciding side's
 * timestamps, once no write under way can still get a smaller one.
 *
 * <p>A write that begins after an answer with timestamp t was seen gets a timestamp above t. So
 * each write under way has a low-water mark, the highest timestamp seen when it began, and what is
 * not above the lowest mark is in order for good. Safe for several threads.
 */
final class ReplayOrder {
  private final TreeMap<Long, Integer> underWay = new TreeMap<>();
  private final PriorityQueue<Place> waiting = new PriorityQueue<>();
  private long highest;
  private long nextTick;
  private Place released;

  /**
   * @param last the last place among the journaled writes, all of which are in order; {@link
   *     Place#START} when there is none
   */
  ReplayOrder(Place last) {
    released = last;
    highest = Math.max(0, last.timestamp());
    nextTick = last.tick() + 1;
  }

  /** A write begins: its side is asked after this. Returns its low-water mark. */
  synchronized long begin() {
    underWay.merge(highest, 1, Integer::sum);
    return highest;
  }

  /**
   * Its answer came.
   *
   * @param timestamp what the answer says; 0 for later than all that ended before
   */
  synchronized Place place(long mark, long timestamp) {
    highest = Math.max(highest, timestamp);
    // Below its mark is no timestamp that a clock gives; the write goes behind what is released.
    return new Place(timestamp == 0 ? highest : Math.max(timestamp, mark), nextTick++);
  }

  /** The place after all that ended, for a write that no side was asked for. */
  synchronized Place last() {
    return new Place(highest, nextTick++);
  }

  /**
   * A write is no longer under way.
   *
   * @param place where it stands, on disk by now; null when it was not made
   */
  synchronized void end(long mark, @Nullable Place place) {
    underWay.computeIfPresent(mark, (m, writes) -> writes == 1 ? null : writes - 1);
    settle(place);
  }

  /** Lets a write of {@link #last()} go, on disk by now. */
  synchronized void settle(@Nullable Place place) {
    if (place != null) {
      waiting.add(place);
    }
    long safe = underWay.isEmpty() ? Long.MAX_VALUE : underWay.firstKey();
    while (true) {
      Place next = waiting.peek();
      if (next == null || next.timestamp() > safe) {
        return;
      }
      waiting.remove();
      released = next;
    }
  }

  /** The last write that may be replayed; all that come before it may, too. */
  synchronized Place released() {
    return released;
  }

  /** Whether no write is under way, and all that ended may be replayed. */
  synchronized boolean idle() {
    return underWay.isEmpty() && waiting.isEmpty();
  }

  /** Another server's clock counts from now on. No write is under way, and none waits. */
  synchronized void restart() {
    if (!idle()) {
      throw new IllegalStateException("writes are under way");
    }
    released = Place.START;
    highest = 0;
  }
}
