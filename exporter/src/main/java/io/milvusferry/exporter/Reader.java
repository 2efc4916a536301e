package io.milvusferry.exporter;

import io.milvusferry.storage.ObjectStore;
import java.util.Optional;

/**
 * How rows are read.
 *
 * @param choice what was asked for
 * @param storage where the server keeps its segment files, if that is known
 */
public record Reader(Choice choice, Optional<ObjectStore> storage) {
  /** By queries. */
  public static final Reader API = new Reader(Choice.API, Optional.empty());

  /** What may be asked for. */
  public enum Choice {
    /** By queries. */
    API,
    /** From segment files. */
    STORAGE,
    /** From segment files where they can be read and are known to be complete. */
    AUTO
  }

  public Reader {
    if (choice == Choice.STORAGE && storage.isEmpty()) {
      throw new IllegalArgumentException("no storage is named to read from");
    }
  }
}
