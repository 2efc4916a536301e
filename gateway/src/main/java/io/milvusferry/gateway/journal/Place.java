package io.milvusferry.gateway.journal;

/**
 * Where a write stands among the writes of its collection.
 *
 * @param timestamp by the clock of the side that decided it
 * @param tick tells writes with the same timestamp apart: the order in which their answers came
 */
record Place(long timestamp, long tick) implements Comparable<Place> {
  /** Before every write. */
  static final Place START = new Place(-1, -1);

  @Override
  public int compareTo(Place other) {
    int byTimestamp = Long.compare(timestamp, other.timestamp);
    return byTimestamp != 0 ? byTimestamp : Long.compare(tick, other.tick);
  }
}
