package io.milvusferry.transfer.age;

import java.io.IOException;

/** None of the keys at hand opens a file. */
public final class ForeignAgeFileException extends IOException {
  private static final long serialVersionUID = 1;

  ForeignAgeFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
