package io.milvusferry.storage;

import java.util.List;

/**
 * Objects by key, wherever a server keeps them: in a directory or in a bucket. Keys are relative to
 * the root. Safe for several threads.
 */
public interface ObjectStore extends AutoCloseable {
  /** What messages call it: the directory, or {@code s3://bucket/root}; never with credentials. */
  String name();

  /**
   * All objects whose key begins with a prefix, sorted by key; none if there are none.
   *
   * @throws io.milvusferry.error.FerryException {@code STORAGE_UNREACHABLE}, {@code
   *     STORAGE_CREDENTIALS}, {@code STORAGE_NOT_FOUND}
   */
  List<StoredObject> list(String prefix);

  /**
   * A whole object.
   *
   * @throws io.milvusferry.error.FerryException {@code STORAGE_OBJECT_MISSING} when it is gone or
   *     has another length by now, and what {@link #list} throws
   */
  byte[] read(StoredObject object);

  @Override
  void close();
}
