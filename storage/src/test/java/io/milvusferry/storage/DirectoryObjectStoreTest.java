package io.milvusferry.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryObjectStoreTest {
  @TempDir Path root;

  @Test
  void listsWhatBeginsWithAPrefixByKey() throws IOException {
    put("a/2/x", 3);
    put("a/10/y", 1);
    put("ab/z", 2);
    put("b/z", 2);
    try (ObjectStore store = new DirectoryObjectStore(root)) {
      assertThat(store.list("a/"))
          .containsExactly(new StoredObject("a/10/y", 1), new StoredObject("a/2/x", 3));
      assertThat(store.list("a")).hasSize(3);
      assertThat(store.list("c/")).isEmpty();
    }
  }

  @Test
  void readsAnObjectAsItWasListedOrSaysThatItChanged() throws IOException {
    put("a/x", 3);
    try (ObjectStore store = new DirectoryObjectStore(root)) {
      assertThat(store.read(new StoredObject("a/x", 3))).hasSize(3);
      assertCode(ErrorCode.STORAGE_OBJECT_MISSING, () -> store.read(new StoredObject("a/x", 2)));
      assertCode(ErrorCode.STORAGE_OBJECT_MISSING, () -> store.read(new StoredObject("a/x", 4)));
      assertCode(ErrorCode.STORAGE_OBJECT_MISSING, () -> store.read(new StoredObject("a/y", 1)));
    }
  }

  @Test
  void refusesADirectoryThatIsNotThere() {
    try (ObjectStore store = new DirectoryObjectStore(root.resolve("nowhere"))) {
      assertCode(ErrorCode.STORAGE_NOT_FOUND, () -> store.list(""));
    }
  }

  private static void assertCode(ErrorCode code, Runnable action) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            FerryException.class, failure -> assertThat(failure.code()).isEqualTo(code));
  }

  private void put(String key, int bytes) throws IOException {
    Path file = root.resolve(key);
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[bytes]);
  }
}
