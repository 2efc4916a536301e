package io.milvusferry.manifest.violation;

import io.milvusferry.importer.violation.Beside;

/** Knows a module above its layer. */
public final class ReachesUp {
  Beside reach() {
    return new Beside();
  }
}
