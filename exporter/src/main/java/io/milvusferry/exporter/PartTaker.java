package io.milvusferry.exporter;

import io.milvusferry.manifest.PartEntry;

/** Takes parts away while a collection is read. */
interface PartTaker {
  /** Leaves every part where it is. */
  PartTaker NOBODY =
      new PartTaker() {
        @Override
        public void durable(PartEntry part) {}

        @Override
        public boolean answersFor(PartEntry part) {
          return false;
        }
      };

  /**
   * A part is durable, and in the journal. Called by the thread that writes parts, which goes on
   * when this returns.
   */
  void durable(PartEntry part);

  /** Whether a part of an earlier run is the taker's business: it may be gone by now. */
  boolean answersFor(PartEntry part);
}
