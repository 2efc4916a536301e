package io.milvusferry.exporter;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.progress.Throttle;
import io.milvusferry.storage.ObjectStore;
import io.milvusferry.storage.StoredObject;
import java.util.List;

/** A store of which no more bytes a second are read than a limit allows. */
record ThrottledObjectStore(ObjectStore store, Throttle throttle) implements ObjectStore {
  @Override
  public String name() {
    return store.name();
  }

  @Override
  public List<StoredObject> list(String prefix) {
    return store.list(prefix);
  }

  @Override
  public byte[] read(StoredObject object) {
    try {
      throttle.acquire(object.bytes());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FerryException(
          ErrorCode.INTERRUPTED,
          "reading %s of %s was stopped".formatted(object.key(), store.name()),
          "Run the same command again; it resumes.",
          e);
    }
    return store.read(object);
  }

  @Override
  public void close() {
    store.close();
  }
}
