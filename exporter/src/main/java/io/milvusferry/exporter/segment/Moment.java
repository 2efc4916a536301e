package io.milvusferry.exporter.segment;

import java.util.Map;

/**
 * Which rows are of a moment: those not newer, and not older than their time to live allows.
 *
 * @param timestamp hybrid timestamp: milliseconds since 1970 in all but the lowest 18 bits
 * @param oldest hybrid timestamp before which rows have expired; 0 where none do
 */
record Moment(long timestamp, long oldest) {
  private static final String TIME_TO_LIVE = "collection.ttl.seconds";
  private static final int LOGICAL_BITS = 18;
  private static final long MILLIS = 1000;

  /** A moment of a collection with these properties. */
  static Moment of(long timestamp, Map<String, String> properties) {
    long seconds = Long.parseLong(properties.getOrDefault(TIME_TO_LIVE, "0"));
    long millis = (timestamp >>> LOGICAL_BITS) - seconds * MILLIS;
    return new Moment(timestamp, seconds <= 0 ? 0 : Math.max(0, millis) << LOGICAL_BITS);
  }

  boolean shows(long rowTimestamp) {
    return rowTimestamp <= timestamp && rowTimestamp >= oldest;
  }
}
