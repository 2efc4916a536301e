package io.milvusferry.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On a real S3 server, whose buckets are directories. */
class S3ObjectStoreIT extends ObjectStoreContract {
  private static final URI ENDPOINT = URI.create(variable("FERRY_IT_S3"));
  private static final Path BUCKETS = Path.of(variable("FERRY_IT_S3_BUCKETS"));
  private static final Path CREDENTIALS = Path.of(variable("FERRY_IT_S3_CREDENTIALS"));
  private static final String ROOT = "files/of one";

  private final String bucket = "it-" + Long.toString(System.nanoTime(), 36);

  private static String variable(String name) {
    return Objects.requireNonNull(System.getenv(name), name + " is not set; scripts/test sets it");
  }

  @BeforeEach
  void makeBucket() throws IOException {
    Files.createDirectory(BUCKETS.resolve(bucket));
    // What lies beside the root is none of the store's.
    put("../beside/x", new byte[1]);
    put("../of one more/x", new byte[1]);
  }

  @AfterEach
  void removeBucket() throws IOException {
    try (Stream<Path> paths = Files.walk(BUCKETS.resolve(bucket))) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Override
  ObjectStore open() {
    return open(location(bucket, ENDPOINT), keys());
  }

  private static ObjectStore open(S3Location location, S3Keys keys) {
    return S3ObjectStore.open(location, keys);
  }

  private static S3Location location(String bucket, URI endpoint) {
    return new S3Location(bucket, ROOT, Optional.of(endpoint), Optional.empty());
  }

  private static S3Keys keys() {
    try {
      return S3Keys.parse(Files.readString(CREDENTIALS), CREDENTIALS.toString());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  void put(String key, byte[] content) throws IOException {
    Path file = BUCKETS.resolve(bucket).resolve(ROOT).resolve(key).normalize();
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  @Override
  void remove(String key) throws IOException {
    Files.delete(BUCKETS.resolve(bucket).resolve(ROOT).resolve(key));
  }

  @Test
  void readsAWholeBucketWhereThereIsNoRoot() throws IOException {
    put("a", new byte[1]);
    S3Location whole = new S3Location(bucket, "/", Optional.of(ENDPOINT), Optional.of("us-east-1"));
    try (ObjectStore store = open(whole, keys())) {
      assertThat(store.name()).isEqualTo("s3://" + bucket);
      assertThat(store.list("files/"))
          .extracting(StoredObject::key)
          .containsExactly("files/beside/x", "files/of one more/x", "files/of one/a");
    }
  }

  @Test
  void saysThatTheBucketIsNotThere() {
    try (ObjectStore store = open(location(bucket + "-not", ENDPOINT), keys())) {
      assertCode(ErrorCode.STORAGE_NOT_FOUND, () -> store.list(""));
      assertCode(ErrorCode.STORAGE_NOT_FOUND, () -> store.read(new StoredObject("a", 1)));
    }
  }

  @ParameterizedTest
  @CsvSource({"true,false", "false,true"})
  void saysThatTheKeysAreWrong(boolean access, boolean secret) throws IOException {
    put("a", new byte[1]);
    S3Keys right = keys();
    S3Keys wrong =
        new S3Keys(
            right.access() + (access ? "x" : ""),
            right.secret() + (secret ? "x" : ""),
            Optional.empty());
    try (ObjectStore store = open(location(bucket, ENDPOINT), wrong)) {
      assertCode(ErrorCode.STORAGE_CREDENTIALS, () -> store.list(""));
      assertCode(ErrorCode.STORAGE_CREDENTIALS, () -> store.read(new StoredObject("a", 1)));
      FerryException failure =
          Assertions.catchThrowableOfType(FerryException.class, () -> store.list(""));
      assertThat(failure).hasMessageContaining("s3://" + bucket);
      assertThat(List.of(failure.getMessage(), failure.hint()))
          .noneMatch(text -> text.contains(right.secret()));
    }
  }

  @Test
  void saysThatTheServerIsGone() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    URI nobody = URI.create("http://127.0.0.1:" + free);
    try (ObjectStore store = open(location(bucket, nobody), keys())) {
      assertCode(ErrorCode.STORAGE_UNREACHABLE, () -> store.list(""));
      assertCode(ErrorCode.STORAGE_UNREACHABLE, () -> store.read(new StoredObject("a", 1)));
    }
  }
}
