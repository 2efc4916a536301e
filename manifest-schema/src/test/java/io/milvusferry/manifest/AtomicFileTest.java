package io.milvusferry.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path dir;

  @Test
  void leavesNoPartialFileBehind() throws IOException {
    Path file = dir.resolve("a");
    AtomicFile.write(file, bytes("one"));
    AtomicFile.write(file, bytes("two"));
    assertThat(file).hasContent("two");
    assertThat(AtomicFile.partial(file)).doesNotExist();
  }

  @Test
  void publishesWhatSomebodyElseWrote() throws IOException {
    Path file = dir.resolve("a");
    Files.writeString(AtomicFile.partial(file), "content");
    assertThat(file).doesNotExist();
    AtomicFile.publish(file);
    assertThat(file).hasContent("content");
    assertThat(AtomicFile.partial(file)).doesNotExist();
  }

  @Test
  void publishesNothingThatIsNotThere() {
    assertThatThrownBy(() -> AtomicFile.publish(dir.resolve("a")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Nested
  class AfterAnInterruptedWrite {
    @Test
    void overwritesTheLeftoverPartialFile() throws IOException {
      Path file = dir.resolve("a");
      Files.writeString(AtomicFile.partial(file), "much longer than what comes now");
      AtomicFile.write(file, bytes("short"));
      assertThat(file).hasContent("short");
    }
  }

  @Nested
  class WhenItFails {
    @Test
    void theOldFileIsAsItWas() throws IOException {
      Path file = dir.resolve("a");
      AtomicFile.write(file, bytes("old"));
      Files.createDirectory(AtomicFile.partial(file));
      assertThatThrownBy(() -> AtomicFile.write(file, bytes("new")))
          .isInstanceOf(IOException.class);
      assertThat(file).hasContent("old");
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
