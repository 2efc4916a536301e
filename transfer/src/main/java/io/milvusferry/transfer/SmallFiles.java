package io.milvusferry.transfer;

import io.milvusferry.transfer.remote.ByteSource;
import io.milvusferry.transfer.remote.RemoteStore;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/** Files of a store that are small enough to be handled as a whole. */
record SmallFiles(RemoteStore store) {
  /** Writes a file and gives it its name, unless it is there. */
  void put(String path, byte[] content) {
    if (!isThere(path, content)) {
      store.write(path, 0, ByteSource.of(content), offset -> {});
      store.publish(path);
    }
  }

  boolean isThere(String path, byte[] content) {
    OptionalLong size = store.size(path);
    return size.isPresent()
        && size.getAsLong() == content.length
        && Arrays.equals(read(path, content.length), content);
  }

  /** A file, cut off after so many bytes; empty when there is none. */
  Optional<byte[]> find(String path, int most) {
    OptionalLong size = store.size(path);
    return size.isPresent()
        ? Optional.of(read(path, (int) Math.min(most, size.getAsLong())))
        : Optional.empty();
  }

  private byte[] read(String path, int bytes) {
    ByteArrayOutputStream found = new ByteArrayOutputStream(bytes);
    if (bytes > 0) {
      store.read(path, 0, bytes, found::write);
    }
    return found.toByteArray();
  }
}
