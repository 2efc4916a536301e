package io.milvusferry.violation;

/** Prints outside the command line, by way of an exception. */
public final class PrintsAStackTrace {
  void print(Exception failure) {
    failure.printStackTrace();
  }
}
