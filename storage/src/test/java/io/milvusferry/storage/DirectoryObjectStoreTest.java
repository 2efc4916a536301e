package io.milvusferry.storage;

import io.milvusferry.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryObjectStoreTest extends ObjectStoreContract {
  @TempDir Path root;

  @Override
  ObjectStore open() {
    return new DirectoryObjectStore(root);
  }

  @Override
  void put(String key, byte[] content) throws IOException {
    Path file = root.resolve(key);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  @Override
  void remove(String key) throws IOException {
    Files.delete(root.resolve(key));
  }

  @Test
  void refusesADirectoryThatIsNotThere() {
    try (ObjectStore store = new DirectoryObjectStore(root.resolve("nowhere"))) {
      assertCode(ErrorCode.STORAGE_NOT_FOUND, () -> store.list(""));
    }
  }
}
