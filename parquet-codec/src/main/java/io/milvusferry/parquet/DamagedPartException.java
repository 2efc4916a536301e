package io.milvusferry.parquet;

/** A part holds what no part of ours can hold; {@link PartReader} adds which file it is. */
final class DamagedPartException extends RuntimeException {
  DamagedPartException(String message) {
    super(message);
  }
}
