package io.milvusferry.importer;

import java.util.concurrent.Semaphore;

/**
 * What imports into one server that run at the same time share: bulk imports in flight, and the
 * proof that the server can read the staging place.
 */
final class TargetShare {
  private final Semaphore imports;
  private boolean stagingProven;

  /**
   * @param importsInFlight bulk imports at once
   */
  TargetShare(int importsInFlight) {
    this.imports = new Semaphore(importsInFlight);
  }

  /** Takes leave for one more bulk import; false if there are as many as may be. */
  boolean tryTakeImport() {
    return imports.tryAcquire();
  }

  /** Gives back what {@link #tryTakeImport} took. */
  void giveBackImport() {
    imports.release();
  }

  /** Runs the proof unless one has succeeded; others that come meanwhile wait for it. */
  synchronized void proveStaging(Runnable proof) {
    if (!stagingProven) {
      proof.run();
      stagingProven = true;
    }
  }
}
