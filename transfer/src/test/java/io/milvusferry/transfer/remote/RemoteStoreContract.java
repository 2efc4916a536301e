package io.milvusferry.transfer.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every store does. */
abstract class RemoteStoreContract {
  private static final long SEED = 20261124;

  private @Nullable RemoteStore opened;

  /** A store whose root exists and is empty. */
  abstract RemoteStore open() throws IOException;

  @AfterEach
  final void closeStore() {
    if (opened != null) {
      opened.close();
    }
  }

  /** Opened at the first use, when the fixture of the implementation stands. */
  private RemoteStore store() {
    RemoteStore store = opened;
    if (store == null) {
      try {
        store = open();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      opened = store;
    }
    return store;
  }

  private static byte[] random(int length) {
    byte[] content = new byte[length];
    new Random(SEED).nextBytes(content);
    return content;
  }

  private byte[] read(String path, long from, long length) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    store().read(path, from, length, out::write);
    return out.toByteArray();
  }

  private void put(String path, byte[] content) {
    store().write(path, 0, ByteSource.of(content), offset -> {});
    store().publish(path);
  }

  @Test
  void readsWhatWasWritten() {
    byte[] content = random(3_000_001);
    put("chunk", content);
    assertThat(read("chunk", 0, content.length)).isEqualTo(content);
  }

  @Test
  void readsARange() {
    byte[] content = random(1_000_000);
    put("chunk", content);
    assertThat(read("chunk", 123_456, 700_000))
        .isEqualTo(Arrays.copyOfRange(content, 123_456, 823_456));
  }

  @Test
  void writesAnEmptyFile() {
    put("empty", new byte[0]);
    assertThat(store().size("empty")).hasValue(0);
  }

  @Test
  void acknowledgesEveryByteInOrder() {
    byte[] content = random(2_500_000);
    List<Long> heard = new ArrayList<>();
    store().write("chunk", 0, ByteSource.of(content), heard::add);
    assertThat(heard).isSorted().last().isEqualTo((long) content.length);
  }

  @Test
  void showsNothingUnderTheNameBeforeItIsPublished() {
    store().write("chunk", 0, ByteSource.of(random(10)), offset -> {});
    assertThat(store().size("chunk")).isEmpty();
    assertThat(store().size("chunk.partial")).hasValue(10);
  }

  @Test
  void continuesAPartialFile() {
    byte[] content = random(500_000);
    store().write("chunk", 0, ByteSource.of(Arrays.copyOf(content, 200_000)), offset -> {});
    store().write("chunk", 200_000, ByteSource.of(content), offset -> {});
    store().publish("chunk");
    assertThat(read("chunk", 0, content.length)).isEqualTo(content);
  }

  @Test
  void leavesNothingOfALongerPartialFileWhenItStartsAnew() {
    store().write("chunk", 0, ByteSource.of(random(1000)), offset -> {});
    put("chunk", new byte[] {1, 2, 3});
    assertThat(store().size("chunk")).hasValue(3);
  }

  @Test
  void refusesToContinueWhatIsNotThere() {
    store().write("chunk", 0, ByteSource.of(random(1000)), offset -> {});
    assertThatThrownBy(
            () -> store().write("chunk", 2000, ByteSource.of(random(3000)), offset -> {}))
        .isInstanceOfSatisfying(
            FerryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REMOTE_REFUSED));
  }

  @Test
  void replacesAFileWhenItPublishes() {
    put("chunk", random(1000));
    put("chunk", new byte[] {1, 2, 3});
    assertThat(read("chunk", 0, 3)).containsExactly(1, 2, 3);
  }

  @Test
  void givesAFileASecondNameOrSaysThatItCannot() {
    byte[] content = random(1000);
    put("old", content);

    if (store().link("old", "new")) {
      put("new", new byte[] {1, 2, 3});
      assertThat(read("old", 0, content.length)).isEqualTo(content);
    } else {
      assertThat(store().size("new")).isEmpty();
    }
  }

  @Test
  void givesNoSecondNameThatIsTakenOrToWhatIsNotThere() {
    put("old", random(1000));
    put("taken", new byte[] {1, 2, 3});

    assertThat(store().link("old", "taken")).isFalse();
    assertThat(store().link("gone", "new")).isFalse();
    assertThat(read("taken", 0, 3)).containsExactly(1, 2, 3);
    assertThat(store().size("new")).isEmpty();
  }

  @Test
  void makesDirectoriesAndFindsThemThere() {
    store().makeDirectories("a/b/c");
    store().makeDirectories("a/b/c");
    put("a/b/c/chunk", random(10));
    assertThat(store().list("a/b/c")).containsExactly(new RemoteFile("chunk", 10, false));
    assertThat(store().list("a/b")).containsExactly(new RemoteFile("c", 0, true));
  }

  @Test
  void listsNothingWhereThereIsNoDirectory() {
    assertThat(store().list("nowhere")).isEmpty();
    assertThat(store().size("nowhere/chunk")).isEmpty();
  }

  @Test
  void saysWhichFileIsMissing() {
    assertThatThrownBy(() -> read("chunk", 0, 1))
        .isInstanceOfSatisfying(
            FerryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.REMOTE_NOT_FOUND);
              assertThat(e).hasMessageContaining("chunk");
            });
  }

  @Test
  void failsWhenAFileEndsWithinARange() {
    put("chunk", random(1000));
    assertThatThrownBy(() -> read("chunk", 0, 1001)).isInstanceOf(FerryException.class);
  }

  @Test
  void movesARejectedFileAside() {
    put("chunk", random(1000));
    store().reject("chunk");
    assertThat(store().size("chunk")).isEmpty();
    assertThat(store().size("chunk.rejected")).hasValue(1000);
  }

  @Test
  void tellsItsFreeSpaceOrNothing() {
    store().freeSpace("").ifPresent(free -> assertThat(free).isPositive());
  }
}
