package io.milvusferry.violation;

/** Prints outside the command line. */
public final class Prints {
  void print() {
    System.out.println("printed");
  }
}
