package io.milvusferry.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every store does. */
abstract class ObjectStoreContract {
  private static final long SEED = 20261201;

  /** More than services tell in one answer. */
  private static final int MANY = 2_345;

  /** A store of what {@link #put} puts. */
  abstract ObjectStore open();

  abstract void put(String key, byte[] content) throws IOException;

  abstract void remove(String key) throws IOException;

  private static byte[] random(int length) {
    byte[] content = new byte[length];
    new Random(SEED).nextBytes(content);
    return content;
  }

  static void assertCode(ErrorCode code, Runnable action) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            FerryException.class, failure -> assertThat(failure.code()).isEqualTo(code));
  }

  @Test
  void listsAllByKeyHoweverManyThereAre() throws IOException {
    List<StoredObject> expected = new ArrayList<>();
    for (int number = 0; number < MANY; number++) {
      expected.add(new StoredObject("log/%d/%d".formatted(number % 7, number), number % 50));
    }
    Collections.shuffle(expected, new Random(SEED));
    for (StoredObject object : expected) {
      put(object.key(), new byte[(int) object.bytes()]);
    }
    expected.sort(Comparator.comparing(StoredObject::key));
    try (ObjectStore store = open()) {
      assertThat(store.list("")).isEqualTo(expected);
      assertThat(store.list("log/3/"))
          .isEqualTo(expected.stream().filter(one -> one.key().startsWith("log/3/")).toList());
    }
  }

  @Test
  void takesAPrefixThatEndsWithinAName() throws IOException {
    put("a/10/y", new byte[1]);
    put("a/2/x", new byte[3]);
    put("ab/z", new byte[2]);
    put("b/z", new byte[2]);
    try (ObjectStore store = open()) {
      assertThat(store.list("a/"))
          .containsExactly(new StoredObject("a/10/y", 1), new StoredObject("a/2/x", 3));
      assertThat(store.list("a/1")).containsExactly(new StoredObject("a/10/y", 1));
      assertThat(store.list("a")).hasSize(3);
      assertThat(store.list("a/10/y")).hasSize(1);
    }
  }

  @Test
  void findsNothingWhereNothingIs() throws IOException {
    put("a/x", new byte[1]);
    try (ObjectStore store = open()) {
      assertThat(store.list("c/")).isEmpty();
      assertThat(store.list("a/x/")).isEmpty();
    }
  }

  @Test
  void readsTheBytesOfAnObject() throws IOException {
    for (int length : new int[] {0, 1, 3_000_001}) {
      put("a/" + length, random(length));
    }
    try (ObjectStore store = open()) {
      assertThat(store.list("a/")).hasSize(3);
      for (StoredObject object : store.list("a/")) {
        assertThat(store.read(object)).isEqualTo(random((int) object.bytes()));
      }
    }
  }

  @Test
  void takesNamesThatPathsOfTheWebWrite() throws IOException {
    put("a/b c+d=ü%41&?#.x", random(10));
    try (ObjectStore store = open()) {
      List<StoredObject> found = store.list("a/");
      assertThat(found).containsExactly(new StoredObject("a/b c+d=ü%41&?#.x", 10));
      assertThat(store.read(found.get(0))).isEqualTo(random(10));
    }
  }

  @Test
  void readsForSeveralThreads() throws IOException {
    put("a/x", random(500_000));
    StoredObject object = new StoredObject("a/x", 500_000);
    try (ObjectStore store = open()) {
      List<byte[]> read =
          Collections.nCopies(20, object).parallelStream().map(store::read).toList();
      assertThat(read).allSatisfy(content -> assertThat(content).isEqualTo(random(500_000)));
    }
  }

  @Test
  void saysThatAnObjectIsGone() throws IOException {
    put("a/x", new byte[3]);
    try (ObjectStore store = open()) {
      StoredObject object = store.list("a/x").get(0);
      remove("a/x");
      assertCode(ErrorCode.STORAGE_OBJECT_MISSING, () -> store.read(object));
    }
  }

  @Test
  void saysThatAnObjectHasAnotherLength() throws IOException {
    put("a/x", new byte[3]);
    try (ObjectStore store = open()) {
      assertCode(ErrorCode.STORAGE_OBJECT_MISSING, () -> store.read(new StoredObject("a/x", 2)));
      assertCode(ErrorCode.STORAGE_OBJECT_MISSING, () -> store.read(new StoredObject("a/x", 4)));
    }
  }
}
