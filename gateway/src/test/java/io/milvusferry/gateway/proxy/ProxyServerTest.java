package io.milvusferry.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.shaded.io.grpc.CallOptions;
import io.milvus.shaded.io.grpc.ClientCall;
import io.milvus.shaded.io.grpc.HandlerRegistry;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.ServerMethodDefinition;
import io.milvus.shaded.io.grpc.Status;
import io.milvusferry.connector.ConnectionSettings;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyServerTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final ListenSettings PLAIN =
      new ListenSettings(ANY, Optional.empty(), Optional.empty(), Optional.empty());

  @TempDir Path dir;

  private final EventLoops loops = new EventLoops();
  private final List<Runnable> open = new ArrayList<>();
  private EchoServer echo;
  private Side source;

  @BeforeEach
  void startAServer() throws Exception {
    echo = new EchoServer();
    source = Side.source(ConnectionSettings.parse(echo.uri()), loops);
  }

  @AfterEach
  void stopAll() {
    open.forEach(Runnable::run);
    source.close();
    echo.close();
    loops.close();
  }

  private int listen(ListenSettings settings) {
    ProxyServer proxy = ProxyServer.start(settings, loops, new ToSource());
    open.add(() -> proxy.stop(Duration.ofSeconds(1)));
    return proxy.port();
  }

  private Side client(ConnectionSettings settings) {
    Side client = Side.source(settings, loops);
    open.add(client::close);
    return client;
  }

  private Side plainClient() {
    return client(ConnectionSettings.parse("http://127.0.0.1:" + listen(PLAIN)));
  }

  /** Makes a call with these messages, and gives what came back, the status last. */
  private static List<Object> call(Side side, String name, Metadata headers, byte[]... messages)
      throws Exception {
    CompletableFuture<List<Object>> done = new CompletableFuture<>();
    List<Object> seen = new ArrayList<>();
    ClientCall<byte[], byte[]> call = side.call(RawMethods.named(name), CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(byte[] message) {
            seen.add(message);
            call.request(1);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            seen.add(trailers);
            seen.add(status);
            done.complete(seen);
          }
        },
        headers);
    call.request(1);
    for (byte[] message : messages) {
      call.sendMessage(message);
    }
    call.halfClose();
    return done.get(60, TimeUnit.SECONDS);
  }

  @Test
  void passesCallsThatNobodyKnowsInBothDirections() throws Exception {
    Metadata headers = new Metadata();
    headers.put(EchoServer.ASKED, "word");
    byte[] first = {1, 2, 3};
    byte[] large = new byte[20 << 20];
    large[large.length - 1] = 7;
    List<Object> seen = call(plainClient(), "other.Service/Stream", headers, first, large, first);

    assertThat(seen.subList(0, 3)).containsExactly(first, large, first);
    assertThat(((Metadata) seen.get(3)).get(EchoServer.TOLD)).containsExactly(0, 4);
    Status status = (Status) seen.get(4);
    assertThat(status.getCode()).isEqualTo(Status.Code.DATA_LOSS);
    assertThat(status.getDescription()).isEqualTo("said word");
  }

  @Test
  void sixtyMegabytesPass() throws Exception {
    byte[] message = new byte[60 << 20];
    message[12_345_678] = 9;

    assertThat(call(plainClient(), "other.Service/Large", new Metadata(), message).get(0))
        .isEqualTo(message);
  }

  @Test
  void encryptsTheWayFromApplications() throws Exception {
    SelfSigned own = SelfSigned.make(dir, "ip:127.0.0.1");
    int port =
        listen(
            new ListenSettings(
                ANY, Optional.of(own.chain()), Optional.of(own.key()), Optional.empty()));
    ConnectionSettings https = ConnectionSettings.parse("https://127.0.0.1:" + port);
    Side trusting = client(trusting(https, own, Optional.empty()));

    assertThat(call(trusting, "other.Service/Call", new Metadata(), new byte[] {5}).get(0))
        .isEqualTo(new byte[] {5});
    assertThat(status(client(https))).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(status(client(ConnectionSettings.parse("http://127.0.0.1:" + port))))
        .isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void letsOnlyClientsWithACertificateInWhereOneIsAskedFor() throws Exception {
    SelfSigned own = SelfSigned.make(dir, "ip:127.0.0.1");
    int port =
        listen(
            new ListenSettings(
                ANY, Optional.of(own.chain()), Optional.of(own.key()), Optional.of(own.chain())));
    ConnectionSettings https = ConnectionSettings.parse("https://127.0.0.1:" + port);

    assertThat(status(client(trusting(https, own, Optional.of(own)))))
        .isEqualTo(Status.Code.DATA_LOSS);
    assertThat(status(client(trusting(https, own, Optional.empty()))))
        .isEqualTo(Status.Code.UNAVAILABLE);
  }

  private static ConnectionSettings trusting(
      ConnectionSettings https, SelfSigned server, Optional<SelfSigned> client) {
    return https.withTls(
        Optional.of(server.chain()),
        client.map(SelfSigned::chain),
        client.map(SelfSigned::key),
        Optional.empty());
  }

  private static Status.Code status(Side side) throws Exception {
    List<Object> seen = call(side, "other.Service/Call", new Metadata(), new byte[] {5});
    return ((Status) Objects.requireNonNull(seen.get(seen.size() - 1))).getCode();
  }

  @Test
  void saysThatAnAddressIsTaken() {
    int port = listen(PLAIN);
    ListenSettings same =
        new ListenSettings(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    assertThatThrownBy(() -> ProxyServer.start(same, loops, new ToSource()))
        .isInstanceOfSatisfying(
            FerryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.LISTEN_ADDRESS_TAKEN));
  }

  private final class ToSource extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
      return ServerMethodDefinition.create(
          RawMethods.named(name), (down, headers) -> Pipe.open(down, headers, source));
    }
  }
}
