package io.milvusferry.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.milvusferry.error.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of answers that a well server does not give. */
class S3AnswersTest {
  private static final String LISTED =
      "<ListBucketResult><Contents><Key>files/a</Key><Size>5</Size></Contents></ListBucketResult>";
  private static final StoredObject OBJECT = new StoredObject("a", 5);

  /**
   * An answer.
   *
   * @param length that it promises, which may be more than comes
   */
  private record Answer(int status, String body, int length) {
    static Answer of(int status, String body) {
      return new Answer(status, body, body.length());
    }

    static Answer error(int status, String code) {
      return of(status, "<Error><Code>%s</Code></Error>".formatted(code));
    }
  }

  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final List<String> headers = Collections.synchronizedList(new ArrayList<>());
  private final Queue<Answer> answers = new ArrayDeque<>();
  private String location = "";
  private HttpServer server;
  private ObjectStore store;

  @BeforeEach
  void start() throws IOException {
    server = listen(this::answer);
    URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    store =
        S3ObjectStore.open(
            new S3Location("bucket", "files", Optional.of(endpoint), Optional.empty()),
            new S3Keys("access", "secret", Optional.of("session")));
  }

  private static HttpServer listen(HttpHandler handler) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", handler);
    server.start();
    return server;
  }

  @AfterEach
  void stop() {
    store.close();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.add(exchange.getRequestURI().toString());
    exchange.getRequestHeaders().forEach((name, values) -> headers.add(name + ": " + values));
    Answer answer = answers.size() > 1 ? answers.remove() : answers.element();
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    if (!location.isEmpty()) {
      exchange.getResponseHeaders().add("Location", location);
    }
    exchange.sendResponseHeaders(answer.status(), answer.length());
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void asksAgainWhereTheServiceIsBusy() {
    answers.addAll(
        List.of(
            Answer.error(503, "SlowDown"),
            Answer.error(500, "InternalError"),
            Answer.of(200, LISTED)));

    assertThat(store.list("a")).containsExactly(OBJECT);
    assertThat(asked).hasSize(3).allMatch(path -> path.startsWith("/bucket?"));
  }

  @Test
  void readsAgainWhatBrokeOff() {
    answers.addAll(List.of(new Answer(200, "abc", 5), Answer.of(200, "abcde")));

    assertThat(store.read(OBJECT)).asString().isEqualTo("abcde");
    assertThat(asked).containsExactly("/bucket/files/a", "/bucket/files/a");
  }

  @ParameterizedTest
  @CsvSource({
    "503, SlowDown, STORAGE_UNREACHABLE",
    "400, Odd, STORAGE_UNREACHABLE",
    "301, PermanentRedirect, STORAGE_NOT_FOUND",
    "404, NoSuchBucket, STORAGE_NOT_FOUND",
    "400, AuthorizationHeaderMalformed, STORAGE_CREDENTIALS",
    "403, InvalidAccessKeyId, STORAGE_CREDENTIALS"
  })
  void saysWhatTheServiceSays(int status, String word, ErrorCode code) {
    answers.add(Answer.error(status, word));

    for (Runnable call : List.<Runnable>of(() -> store.list(""), () -> store.read(OBJECT))) {
      ObjectStoreContract.assertCode(code, call);
      assertThatThrownBy(call::run).hasMessageContaining(word);
    }
  }

  @Test
  void saysThatNoStorageIsThere() {
    answers.add(Answer.of(200, "<html><p>It works!</html>"));

    ObjectStoreContract.assertCode(ErrorCode.STORAGE_UNREACHABLE, () -> store.list(""));
  }

  @Test
  void listsPageByPage() {
    answers.addAll(
        List.of(
            Answer.of(
                200,
                "<ListBucketResult><Contents><Key>files/b</Key><Size>7</Size></Contents>"
                    + "<IsTruncated>true</IsTruncated>"
                    + "<NextContinuationToken>next</NextContinuationToken></ListBucketResult>"),
            Answer.of(200, LISTED)));

    assertThat(store.list("")).containsExactly(OBJECT, new StoredObject("b", 7));
    assertThat(asked).hasSize(2).last().asString().contains("continuation-token=next");
  }

  @Test
  void givesUpAfterThreeTries() {
    answers.add(Answer.error(503, "SlowDown"));

    ObjectStoreContract.assertCode(ErrorCode.STORAGE_UNREACHABLE, () -> store.list(""));
    assertThat(asked).hasSize(3);
  }

  @Test
  void followsNobodyElsewhere() throws IOException {
    List<String> askedElsewhere = Collections.synchronizedList(new ArrayList<>());
    HttpServer elsewhere = listen(exchange -> askedElsewhere.add(exchange.toString()));
    location = "http://127.0.0.1:%d/bucket".formatted(elsewhere.getAddress().getPort());
    answers.add(Answer.error(307, "TemporaryRedirect"));
    try {
      ObjectStoreContract.assertCode(ErrorCode.STORAGE_NOT_FOUND, () -> store.list(""));
      assertThat(askedElsewhere).isEmpty();
    } finally {
      elsewhere.stop(0);
    }
  }

  @Test
  void demandsNoChecksumsThatOlderServicesDoNotKnow() {
    answers.addAll(List.of(Answer.of(200, LISTED), Answer.of(200, "abcde")));

    store.list("");
    store.read(OBJECT);
    assertThat(headers)
        .anyMatch(line -> line.startsWith("X-amz-"))
        .noneMatch(line -> line.contains("checksum"));
  }

  @Test
  void stopsWhenItIsTold() {
    answers.add(Answer.of(200, LISTED));
    Thread.currentThread().interrupt();

    ObjectStoreContract.assertCode(ErrorCode.INTERRUPTED, () -> store.list(""));
    assertThat(Thread.interrupted()).isTrue();
  }
}
