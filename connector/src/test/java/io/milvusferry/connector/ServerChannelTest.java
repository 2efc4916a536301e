package io.milvusferry.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.milvus.grpc.GetVersionRequest;
import io.milvus.grpc.GetVersionResponse;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.shaded.io.grpc.Context;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.Status;
import io.milvus.shaded.io.grpc.stub.ServerCallStreamObserver;
import io.milvus.shaded.io.grpc.stub.StreamObserver;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerChannelTest {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> DATABASE =
      Metadata.Key.of("dbname", Metadata.ASCII_STRING_MARSHALLER);

  @Nested
  class ACallThatMayBeRepeated {
    @Test
    void isRepeatedWhileTheServerRefusesForLoad() {
      Version service = new Version(2, Status.RESOURCE_EXHAUSTED.withDescription("rate limit"));
      try (LoopbackServer server = new LoopbackServer(service);
          ServerChannel channel = new ServerChannel(server.settings())) {
        assertThat(call(channel)).isEqualTo("v2.3.5");
      }
      assertThat(service.calls).hasValue(3);
    }

    @Test
    void isRepeatedWhileTheServerIsAway() {
      Version service = new Version(1, Status.UNAVAILABLE);
      try (LoopbackServer server = new LoopbackServer(service);
          ServerChannel channel = new ServerChannel(server.settings())) {
        assertThat(call(channel)).isEqualTo("v2.3.5");
      }
      assertThat(service.calls).hasValue(2);
    }

    @Test
    void isNotRepeatedWhereTheAnswerWouldBeTheSame() {
      for (Status status :
          new Status[] {
            Status.UNIMPLEMENTED,
            Status.UNAUTHENTICATED,
            Status.PERMISSION_DENIED,
            Status.UNKNOWN,
            Status.RESOURCE_EXHAUSTED.withDescription("message larger than max")
          }) {
        Version service = new Version(1, status);
        try (LoopbackServer server = new LoopbackServer(service);
            ServerChannel channel = new ServerChannel(server.settings())) {
          assertThat(catchThrowableOfType(FerryException.class, () -> call(channel)))
              .as("%s", status)
              .isNotNull();
        }
        assertThat(service.calls).as("%s", status).hasValue(1);
      }
    }

    @Test
    void isNotRepeatedWhenInterrupted() {
      Version service = new Version(100, Status.UNAVAILABLE);
      try (LoopbackServer server = new LoopbackServer(service);
          ServerChannel channel = new ServerChannel(server.settings())) {
        Thread.currentThread().interrupt();

        FerryException failure = catchThrowableOfType(FerryException.class, () -> call(channel));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.code()).isEqualTo(ErrorCode.INTERRUPTED);
      }
      assertThat(service.calls).hasValueLessThan(2);
    }
  }

  @Nested
  class ACallThatIsMadeOnce {
    @Test
    void isNotRepeatedWhateverTheFailure() {
      for (Status status : new Status[] {Status.UNAVAILABLE, Status.RESOURCE_EXHAUSTED}) {
        Version service = new Version(1, status);
        try (LoopbackServer server = new LoopbackServer(service);
            ServerChannel channel = new ServerChannel(server.settings())) {
          FerryException failure =
              catchThrowableOfType(
                  FerryException.class, () -> once(channel, Duration.ofSeconds(30)));

          assertThat(failure.code().retryable()).isTrue();
        }
        assertThat(service.calls).as("%s", status).hasValue(1);
      }
    }

    @Test
    void failsInTimeWhereTheServerNeverAnswers() {
      Version service = new Version(0, Status.OK);
      service.silent = true;
      try (LoopbackServer server = new LoopbackServer(service);
          ServerChannel channel = new ServerChannel(server.settings())) {
        long start = System.nanoTime();

        FerryException failure =
            catchThrowableOfType(FerryException.class, () -> once(channel, Duration.ofMillis(300)));

        assertThat(failure.code()).isEqualTo(ErrorCode.SERVER_TIMEOUT);
        assertThat(failure).hasMessageContaining("GetVersion at 127.0.0.1:" + server.port());
        assertThat(Duration.ofNanos(System.nanoTime() - start))
            .isBetween(Duration.ofMillis(250), Duration.ofSeconds(20));
      }
    }

    @Test
    void failsWhereAnAnswerSaysNo() {
      Version service = new Version(0, Status.OK);
      service.answer =
          GetVersionResponse.newBuilder()
              .setStatus(io.milvus.grpc.Status.newBuilder().setCode(100).setReason("gone"))
              .build();
      try (LoopbackServer server = new LoopbackServer(service);
          ServerChannel channel = new ServerChannel(server.settings())) {
        FerryException failure =
            catchThrowableOfType(FerryException.class, () -> once(channel, Duration.ofSeconds(30)));

        assertThat(failure.code()).isEqualTo(ErrorCode.COLLECTION_NOT_FOUND);
      }
    }
  }

  @Nested
  class ACallAboutImports {
    @Test
    void goesOnToItsEndWhenWhoWaitsForItIsInterrupted() throws InterruptedException {
      Version service = new Version(0, Status.OK);
      service.hold = new CountDownLatch(1);
      try (LoopbackServer server = new LoopbackServer(service)) {
        ServerChannel channel = new ServerChannel(server.settings());
        Thread.currentThread().interrupt();

        FerryException failure =
            catchThrowableOfType(FerryException.class, () -> unbroken(channel));
        Thread release = new Thread(service::release);
        release.start();
        channel.close();

        assertThat(Thread.interrupted()).isTrue();
        release.join();
        assertThat(failure.code()).isEqualTo(ErrorCode.INTERRUPTED);
      }
      assertThat(service.ended).hasValue(1);
      assertThat(service.cancelled).isFalse();
    }

    @Test
    void bearsNoDeadline() {
      Version service = new Version(0, Status.OK);
      try (LoopbackServer server = new LoopbackServer(service);
          ServerChannel channel = new ServerChannel(server.settings())) {
        assertThat(unbroken(channel)).isEqualTo("v2.3.5");
        assertThat(call(channel)).isEqualTo("v2.3.5");
      }
      assertThat(service.deadlines).containsExactly(false, true);
    }

    private static String unbroken(ServerChannel channel) {
      return channel
          .callUnbroken(
              "default",
              "GetVersion",
              stub -> stub.getVersion(GetVersionRequest.getDefaultInstance()),
              GetVersionResponse::getStatus)
          .getVersion();
    }
  }

  @Nested
  class TheHeaders {
    @Test
    void nameTheDatabaseOfTheCallAndTheCredentials() {
      try (LoopbackServer server = new LoopbackServer(new Version(0, Status.OK));
          ServerChannel channel =
              new ServerChannel(
                  server.settings().withCredentials(() -> Optional.of("root:pä:ss")))) {
        channel.call(
            "sales",
            "GetVersion",
            stub -> stub.getVersion(GetVersionRequest.getDefaultInstance()),
            GetVersionResponse::getStatus);

        Metadata headers = server.headers().get(0);
        assertThat(headers.get(DATABASE)).isEqualTo("sales");
        assertThat(Base64.getDecoder().decode(headers.get(AUTHORIZATION)))
            .isEqualTo("root:pä:ss".getBytes(StandardCharsets.UTF_8));
      }
    }

    @Test
    void holdNoAuthorizationWithoutCredentials() {
      try (LoopbackServer server = new LoopbackServer(new Version(0, Status.OK));
          ServerChannel channel = new ServerChannel(server.settings())) {
        call(channel);

        assertThat(server.headers().get(0).containsKey(AUTHORIZATION)).isFalse();
      }
    }
  }

  @Nested
  class AServerThatIsNotThere {
    @Test
    void isUnreachableWhereNobodyListens() throws IOException {
      int port;
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = free.getLocalPort();
      }
      try (ServerChannel channel =
          new ServerChannel(ConnectionSettings.parse("http://127.0.0.1:" + port))) {
        FerryException failure =
            catchThrowableOfType(FerryException.class, () -> once(channel, Duration.ofSeconds(30)));

        assertThat(failure.code()).isEqualTo(ErrorCode.SERVER_UNREACHABLE);
        assertThat(failure).hasMessageContaining("127.0.0.1:" + port);
      }
    }

    @Test
    void isOfAnUnknownHostWhereItsNameIsReservedForNobody() {
      try (ServerChannel channel =
          new ServerChannel(ConnectionSettings.parse("http://nowhere.invalid:19530"))) {
        FerryException failure =
            catchThrowableOfType(FerryException.class, () -> once(channel, Duration.ofSeconds(60)));

        assertThat(failure.code()).isEqualTo(ErrorCode.HOST_UNKNOWN);
        assertThat(failure).hasMessageContaining("nowhere.invalid");
      }
    }
  }

  @Nested
  class AnEncryptedServer {
    @TempDir static Path dir;
    private static SelfSigned own;
    private static SelfSigned other;
    private static SelfSigned inside;

    @BeforeAll
    static void makeCertificates() throws Exception {
      own = make("own", "ip:127.0.0.1");
      other = make("other", "ip:127.0.0.1");
      inside = make("inside", "dns:milvus.inside");
    }

    private static SelfSigned make(String subdirectory, String name) throws Exception {
      return SelfSigned.make(Files.createDirectory(dir.resolve(subdirectory)), name);
    }

    @Test
    void answersWhoTrustsItsCertificate() {
      try (LoopbackServer server = server(own);
          ServerChannel channel = channel(server, own.chain(), null)) {
        assertThat(once(channel, Duration.ofSeconds(30))).isEqualTo("v2.3.5");
      }
    }

    @Test
    void isRefusedWhereNobodyTrustedHasSignedItsCertificate() {
      try (LoopbackServer server = server(own);
          ServerChannel channel = channel(server, null, null)) {
        assertDistrusted(channel);
        assertThat(server.calls()).isEmpty();
      }
    }

    @Test
    void isRefusedWhereAnotherCertificateIsTrusted() {
      try (LoopbackServer server = server(own);
          ServerChannel channel = channel(server, other.chain(), null)) {
        assertDistrusted(channel);
      }
    }

    @Test
    void isRefusedUnderAnotherNameUnlessThatIsTheNameExpected() {
      try (LoopbackServer server = server(inside)) {
        try (ServerChannel channel = channel(server, inside.chain(), null)) {
          assertDistrusted(channel);
        }
        try (ServerChannel channel = channel(server, inside.chain(), "milvus.inside")) {
          assertThat(once(channel, Duration.ofSeconds(30))).isEqualTo("v2.3.5");
        }
      }
    }

    @Test
    void isNotTalkedToInTheClear() {
      try (LoopbackServer server = server(own);
          ServerChannel channel =
              new ServerChannel(ConnectionSettings.parse("http://127.0.0.1:" + server.port()))) {
        FerryException failure =
            catchThrowableOfType(FerryException.class, () -> once(channel, Duration.ofSeconds(30)));

        assertThat(failure.code()).isEqualTo(ErrorCode.SERVER_UNREACHABLE);
        assertThat(server.calls()).isEmpty();
      }
    }

    @Test
    void isExpectedInVainWhereTheServerSpeaksInTheClear() {
      try (LoopbackServer server = new LoopbackServer(new Version(0, Status.OK));
          ServerChannel channel = channel(server, null, null)) {
        FerryException failure = assertDistrusted(channel);

        assertThat(failure.hint()).contains("http://");
      }
    }

    private LoopbackServer server(SelfSigned own) {
      return new LoopbackServer(new Version(0, Status.OK), own.chain(), own.key());
    }

    private ServerChannel channel(
        LoopbackServer server, @Nullable Path ca, @Nullable String serverName) {
      return new ServerChannel(
          ConnectionSettings.parse("https://127.0.0.1:" + server.port())
              .withTls(
                  Optional.ofNullable(ca),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.ofNullable(serverName)));
    }

    private FerryException assertDistrusted(ServerChannel channel) {
      FerryException failure =
          catchThrowableOfType(FerryException.class, () -> once(channel, Duration.ofSeconds(30)));

      assertThat(failure).isNotNull();
      assertThat(failure.code())
          .as("%s", failure.getMessage())
          .isEqualTo(ErrorCode.SERVER_CERTIFICATE);
      assertThat(failure.hint()).contains("caFile");
      return failure;
    }
  }

  @Nested
  class TlsFilesThatMakeNoSense {
    @TempDir Path dir;

    @Test
    void areRefusedBeforeAnythingIsSent() throws IOException {
      Path noPem = Files.writeString(dir.resolve("no.pem"), "not a certificate");

      assertInvalid(settings("https", noPem, null, null), "cannot be used");
      assertInvalid(settings("https", dir.resolve("absent.pem"), null, null), "absent.pem");
      assertInvalid(settings("https", null, noPem, null), "without keyFile");
      assertInvalid(settings("https", null, null, noPem), "without certFile");
      assertInvalid(settings("http", noPem, null, null), "not encrypted");
    }

    private void assertInvalid(ConnectionSettings settings, String words) {
      FerryException failure =
          catchThrowableOfType(FerryException.class, () -> new ServerChannel(settings).close());

      assertThat(failure).as(words).isNotNull();
      assertThat(failure.code()).isEqualTo(ErrorCode.CONFIG_INVALID);
      assertThat(failure).hasMessageContaining(words);
    }

    private ConnectionSettings settings(
        String scheme, @Nullable Path ca, @Nullable Path cert, @Nullable Path key) {
      return ConnectionSettings.parse(scheme + "://127.0.0.1:19530")
          .withTls(
              Optional.ofNullable(ca),
              Optional.ofNullable(cert),
              Optional.ofNullable(key),
              Optional.empty());
    }
  }

  private static String call(ServerChannel channel) {
    return channel
        .call(
            "default",
            "GetVersion",
            stub -> stub.getVersion(GetVersionRequest.getDefaultInstance()),
            GetVersionResponse::getStatus)
        .getVersion();
  }

  private static String once(ServerChannel channel, Duration deadline) {
    return channel
        .once(
            "default",
            "GetVersion",
            deadline,
            stub -> stub.getVersion(GetVersionRequest.getDefaultInstance()),
            GetVersionResponse::getStatus)
        .getVersion();
  }

  /** Fails some times, then tells its version. */
  private static final class Version extends MilvusServiceGrpc.MilvusServiceImplBase {
    private final AtomicInteger calls = new AtomicInteger();
    private final int failures;
    private final Status failure;
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final List<Boolean> deadlines = new CopyOnWriteArrayList<>();
    private volatile @Nullable CountDownLatch hold;
    private volatile boolean silent;
    private volatile GetVersionResponse answer =
        GetVersionResponse.newBuilder().setVersion("v2.3.5").build();

    Version(int failures, Status failure) {
      this.failures = failures;
      this.failure = failure;
    }

    /** Lets the call that is held be answered, after time enough for it to be given up. */
    void release() {
      try {
        Thread.sleep(300);
        Objects.requireNonNull(hold).countDown();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private void answerLater(StreamObserver<GetVersionResponse> observer, CountDownLatch until) {
      ((ServerCallStreamObserver<GetVersionResponse>) observer)
          .setOnCancelHandler(() -> cancelled.set(true));
      new Thread(
              () -> {
                try {
                  until.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                observer.onNext(answer);
                observer.onCompleted();
                ended.incrementAndGet();
              })
          .start();
    }

    @Override
    public void getVersion(GetVersionRequest request, StreamObserver<GetVersionResponse> observer) {
      deadlines.add(Context.current().getDeadline() != null);
      CountDownLatch until = hold;
      if (until != null) {
        answerLater(observer, until);
      } else if (calls.incrementAndGet() <= failures) {
        observer.onError(failure.asRuntimeException());
      } else if (!silent) {
        observer.onNext(answer);
        observer.onCompleted();
      }
    }
  }
}
