package io.milvusferry.violation;

/** Keeps state where nobody owns it. */
public final class ChangesItsStatics {
  static int count = 0;
}
