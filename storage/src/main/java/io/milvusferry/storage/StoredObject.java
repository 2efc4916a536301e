package io.milvusferry.storage;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import org.jspecify.annotations.Nullable;

/**
 * An object of an {@link ObjectStore}, as it was listed.
 *
 * @param key its name below the root, with {@code /} between its segments
 * @param bytes its length
 */
public record StoredObject(String key, long bytes) {
  /** The failure to read it from a store where it is no more. */
  FerryException gone(ObjectStore store, Throwable cause) {
    return changed(store, "is gone after it was listed with %d bytes".formatted(bytes), cause);
  }

  /** The failure to read it from a store where it is longer or shorter now. */
  FerryException resized(ObjectStore store) {
    return changed(store, "has another length than the %d bytes".formatted(bytes), null);
  }

  private FerryException changed(ObjectStore store, String what, @Nullable Throwable cause) {
    return new FerryException(
        ErrorCode.STORAGE_OBJECT_MISSING,
        "%s of %s %s".formatted(key, store.name(), what),
        "The server may have removed it; run the same command again.",
        cause);
  }
}
