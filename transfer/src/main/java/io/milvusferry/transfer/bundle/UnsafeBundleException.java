package io.milvusferry.transfer.bundle;

/** A bundle holds what no archive holds. */
public final class UnsafeBundleException extends Exception {
  UnsafeBundleException(String message) {
    super(message);
  }
}
