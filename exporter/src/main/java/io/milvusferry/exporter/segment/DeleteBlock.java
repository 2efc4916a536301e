package io.milvusferry.exporter.segment;

/**
 * Deleted keys, ascending, each once, with the moment of its newest delete.
 *
 * @param timestamps one for each key
 */
@SuppressWarnings("ArrayRecordComponent")
record DeleteBlock(Keys keys, long[] timestamps) {
  int size() {
    return timestamps.length;
  }
}
