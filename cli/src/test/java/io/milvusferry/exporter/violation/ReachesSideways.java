package io.milvusferry.exporter.violation;

import io.milvusferry.importer.violation.Beside;

/** Knows a module of its own layer. */
public final class ReachesSideways {
  Beside reach() {
    return new Beside();
  }
}
