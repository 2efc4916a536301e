package io.milvusferry.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
  @TempDir Path dir;

  @Test
  void isHeldByOneAtATime() throws IOException {
    Path file = dir.resolve("ferry.lock");
    try (DirectoryLock held = DirectoryLock.take(file)) {
      assertThat(held).isNotNull();
      assertThatThrownBy(() -> DirectoryLock.take(file))
          .isInstanceOfSatisfying(
              FerryException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DIRECTORY_LOCKED));
    }
    DirectoryLock.take(file).close();
  }

  @Test
  void aLeftoverLockFileIsNoLock() throws IOException {
    Path file = dir.resolve("ferry.lock");
    Files.writeString(file, "");
    DirectoryLock.take(file).close();
  }
}
