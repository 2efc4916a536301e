package io.milvusferry.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.Direction;
import io.milvusferry.gateway.FailedWrite;
import io.milvusferry.gateway.GatewayControl;
import io.milvusferry.gateway.GatewayStatus;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.gateway.ReadCounts;
import io.milvusferry.gateway.ReadCounts.SideReads;
import io.milvusferry.gateway.Reconciled;
import io.milvusferry.gateway.RepairScope;
import io.milvusferry.gateway.ShadowCounts;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.record.Key;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said over the wire is what the gateway's own control is told and answers. */
class AdminClientTest {
  private static final CollectionName NAME = new CollectionName("shop", "products \"1\"");

  @TempDir Path state;
  private final Recorder control = new Recorder();
  private AdminServer server;

  @BeforeEach
  void start() {
    server = AdminServer.start(state, control, () -> "ferry_up 1\n");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void answersManyClientsThatComeAndGo() {
    for (int i = 0; i < 500; i++) {
      try (AdminClient client = AdminClient.open(state)) {
        assertThat(client.status()).isEqualTo(control.status());
      }
    }
  }

  @Test
  void passesEveryCallAndItsAnswerOn() {
    try (AdminClient client = AdminClient.open(state)) {
      assertThat(client.status()).isEqualTo(control.status());
      assertThat(client.mirror(NAME)).isEqualTo(control.mirror);
      client.replay(NAME, true);
      client.readWeight(NAME, 50);
      client.shadow(NAME, 5);
      client.resetReads(NAME);
      List<Key> keys = List.of(new Key.Int64(Long.MIN_VALUE), new Key.Int64((1L << 53) + 1));
      assertThat(client.reconcile(NAME, "p", keys, RepairScope.upTo(7)))
          .isEqualTo(new Reconciled(2, 1, 3));
      List<Key> words = List.of(new Key.Varchar("12"), new Key.Varchar("a\"\\\0é😀"));
      assertThat(client.reconcile(NAME, "", words, RepairScope.ADDITIONS))
          .isEqualTo(new Reconciled(2, 1, 3));
      client.clean(NAME);
      client.direct(NAME, Direction.REVERSE);
      client.forget(NAME);
      assertThat(client.failedWrites(NAME)).isEqualTo(control.failedWrites(NAME));
      client.retryFailed(NAME);
      assertThat(control.calls)
          .containsExactly(
              "mirror",
              "replay true",
              "readWeight 50",
              "shadow 5",
              "resetReads",
              "reconcile p " + keys + " " + RepairScope.upTo(7),
              "reconcile  " + words + " " + RepairScope.ADDITIONS,
              "clean",
              "direct REVERSE",
              "forget",
              "retryFailed");
    }
  }

  @Test
  void passesFailuresOn() {
    control.failure =
        new FerryException(ErrorCode.MIRROR_BUSY, "12 writes wait", "Try again later.", null);
    try (AdminClient client = AdminClient.open(state)) {
      assertThatExceptionOfType(FerryException.class)
          .isThrownBy(() -> client.clean(NAME))
          .withMessage("12 writes wait")
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.MIRROR_BUSY))
          .satisfies(e -> assertThat(e.hint()).isEqualTo("Try again later."));
    }
  }

  @Test
  void saysThatNoGatewayRuns() {
    server.close();
    assertThatExceptionOfType(FerryException.class)
        .isThrownBy(() -> AdminClient.open(state))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.GATEWAY_UNREACHABLE))
        .satisfies(e -> assertThat(e).hasMessageContaining("nobody listens there"))
        .withMessageContaining(state.toString());
    assertThatExceptionOfType(FerryException.class)
        .isThrownBy(() -> AdminClient.open(state.resolve("other")))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.GATEWAY_UNREACHABLE));
  }

  @Test
  void findsAGatewayThatWasStartedAgain() {
    try (AdminClient client = AdminClient.open(state)) {
      server.close();
      server = AdminServer.start(state, control, () -> "");
      assertThat(client.status().version()).isEqualTo("1.2");
    }
  }

  @Test
  void refusesWhoDoesNotHaveTheToken() throws IOException, InterruptedException {
    assertThat(Files.getPosixFilePermissions(state.resolve("admin.json")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(at(AdminCall.FORGET.path()))
                .header("Authorization", "Bearer 00")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(control.calls).isEmpty();
  }

  @Test
  void showsItsHealthToEverybodyHere() throws IOException, InterruptedException {
    assertThat(send(HttpRequest.newBuilder(at("/health")).build()).body()).isEqualTo("ok\n");
    assertThat(send(HttpRequest.newBuilder(at("/ready")).build()).statusCode()).isEqualTo(503);
    assertThat(send(HttpRequest.newBuilder(at("/metrics")).build()).body())
        .isEqualTo("ferry_up 1\n");
  }

  private URI at(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  private static HttpResponse<String> send(HttpRequest request)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** Remembers what it was told. */
  private static final class Recorder implements GatewayControl {
    private final List<String> calls = new ArrayList<>();
    private @Nullable FerryException failure;
    private final MirrorStatus mirror =
        new MirrorStatus(
            NAME,
            Direction.FORWARD,
            Instant.parse("2026-11-01T10:00:00.123Z"),
            470_655_370_770_251_779L,
            true,
            10,
            5,
            7,
            Duration.ofMillis(1234),
            1,
            2,
            true,
            "no route \"there\"",
            new ReadCounts(new SideReads(10, 1, 200, 900), new SideReads(3, 0, 300, 950), 4),
            new ShadowCounts(9, 1, 0.9375, 210, 310));

    private MirrorStatus told(String call) {
      FerryException refused = failure;
      if (refused != null) {
        throw refused;
      }
      calls.add(call);
      return mirror;
    }

    @Override
    public GatewayStatus status() {
      return new GatewayStatus(
          false,
          "1.2",
          "127.0.0.1:19530",
          "a:1",
          "b:2",
          Duration.ofMillis(99),
          1L << 40,
          List.of(mirror));
    }

    @Override
    public MirrorStatus mirror(CollectionName collection) {
      assertThat(collection).isEqualTo(NAME);
      return told("mirror");
    }

    @Override
    public MirrorStatus replay(CollectionName collection, boolean running) {
      return told("replay " + running);
    }

    @Override
    public MirrorStatus readWeight(CollectionName collection, int percent) {
      return told("readWeight " + percent);
    }

    @Override
    public MirrorStatus shadow(CollectionName collection, int percent) {
      return told("shadow " + percent);
    }

    @Override
    public MirrorStatus resetReads(CollectionName collection) {
      return told("resetReads");
    }

    @Override
    public Reconciled reconcile(
        CollectionName collection, String partition, List<Key> keys, RepairScope scope) {
      told("reconcile %s %s %s".formatted(partition, keys, scope));
      return new Reconciled(keys.size(), 1, 3);
    }

    @Override
    public MirrorStatus clean(CollectionName collection) {
      return told("clean");
    }

    @Override
    public MirrorStatus direct(CollectionName collection, Direction direction) {
      return told("direct " + direction);
    }

    @Override
    public void forget(CollectionName collection) {
      told("forget");
    }

    @Override
    public List<FailedWrite> failedWrites(CollectionName collection) {
      return List.of(
          new FailedWrite(
              1L << 60,
              "UPSERT",
              "p",
              "1, 2, …",
              Instant.parse("2026-11-01T10:00:01Z"),
              "too long"));
    }

    @Override
    public MirrorStatus retryFailed(CollectionName collection) {
      return told("retryFailed");
    }

    @Override
    public void close() {}
  }
}
