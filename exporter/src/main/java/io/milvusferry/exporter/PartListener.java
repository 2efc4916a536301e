package io.milvusferry.exporter;

import io.milvusferry.manifest.PartEntry;

/** Hears of parts while a collection is read. */
@FunctionalInterface
public interface PartListener {
  /**
   * A part is durable. Reading goes on when this returns, so that whoever takes parts away slower
   * than they are made bounds the room they need.
   *
   * @throws io.milvusferry.error.FerryException {@code INTERRUPTED} when reading is to stop
   */
  void durable(PartEntry part);
}
