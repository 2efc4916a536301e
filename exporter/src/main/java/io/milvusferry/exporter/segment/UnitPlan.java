package io.milvusferry.exporter.segment;

import io.milvusferry.record.Key;

/**
 * A unit that has rows of the moment at hand.
 *
 * @param min its smallest key among these
 * @param max its greatest key among these
 * @param rows how many rows its files have, also those that are too new
 * @param kept how many of them are of the moment
 * @param bytes about how much memory its rows take
 */
record UnitPlan(SegmentUnit unit, Key min, Key max, int rows, int kept, long bytes) {}
