package io.milvusferry.migration.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.connector.ConnectionSettings;
import io.milvusferry.connector.MilvusConnection;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.gateway.ReadCounts;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.testkit.CollectionDescriptions;
import io.milvusferry.testkit.SampleRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads of two real servers, split by a real Nginx of its own prefix. */
class NginxIT {
  private static final int ROWS = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path dir;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private MilvusServer source;
  private MilvusServer target;
  private CollectionName name;
  private RecordBatch rows;
  private FakeGateway gateway;
  private NginxSettings nginx;
  private int port;

  @BeforeEach
  void twoServersAndAnNginx() throws Exception {
    String from = address("FERRY_IT_SOURCE");
    String into = address("FERRY_IT_TARGET");
    name = new CollectionName("live_" + Long.toString(System.nanoTime(), 36), "shop");
    source = oneDatabase(MilvusConnection.open(ConnectionSettings.parse(from)));
    target = oneDatabase(MilvusConnection.open(ConnectionSettings.parse(into)));
    opened.add(source);
    opened.add(target);
    rows = new SampleRows(7).rows(LiveFixture.schema(false), 0, ROWS);
    fill(source);
    gateway = new FakeGateway(source, target, Pace.REAL);
    gateway.between(from.substring(7), into.substring(7));
    port = freePort();
    nginx =
        new NginxSettings(
            dir.resolve("ferry.conf"),
            dir.resolve("access.log"),
            List.of(
                Files.isExecutable(Path.of("/usr/sbin/nginx")) ? "/usr/sbin/nginx" : "nginx",
                "-p",
                dir.toString(),
                "-e",
                dir.resolve("error.log").toString(),
                "-c",
                dir.resolve("nginx.conf").toString()));
    Files.writeString(dir.resolve("nginx.conf"), configuration());
  }

  private static String address(String variable) {
    return Objects.requireNonNull(System.getenv(variable), variable + " names no live server");
  }

  /** A server that shows the database of this test alone. */
  private MilvusServer oneDatabase(MilvusServer server) {
    return (MilvusServer)
        Proxy.newProxyInstance(
            MilvusServer.class.getClassLoader(),
            new Class<?>[] {MilvusServer.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("databases")) {
                return List.of(name.database());
              }
              try {
                return method.invoke(server, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private void fill(MilvusServer server) {
    server.createDatabase(name.database(), Map.of());
    server
        .target(name)
        .create(CollectionDescriptions.of(name, LiveFixture.schema(false)), Map.of());
    server.target(name).insert("", rows);
    LiveFixture.index(server, name, LiveFixture.schema(false));
  }

  private String configuration() {
    return """
        user root;
        worker_processes 1;
        pid %1$s/nginx.pid;
        events { worker_connections 256; }
        http {
          client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy; fastcgi_temp_path %1$s/f;
          uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;
          include %1$s/ferry.conf;
          server {
            listen 127.0.0.1:%2$d http2;
            access_log %1$s/access.log ferry;
            client_max_body_size 0;
            grpc_read_timeout 600s;
            keepalive_requests 1000000000;
            location / { grpc_pass grpc://ferry_writes; }
            location = /milvus.proto.milvus.MilvusService/Search { grpc_pass grpc://ferry_reads; }
            location = /milvus.proto.milvus.MilvusService/Query { grpc_pass grpc://ferry_reads; }
          }
        }
        """
        .formatted(dir, port);
  }

  @AfterEach
  void leaveNothing() throws Exception {
    Path pid = dir.resolve("nginx.pid");
    if (Files.exists(pid)) {
      // By its id: a test may have left a configuration that Nginx refuses.
      ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
          .ifPresent(ProcessHandle::destroy);
    }
    for (MilvusServer server : List.of(source, target)) {
      if (server.collections(name.database()).contains(name)) {
        server.source(name).release();
        server.target(name).drop();
      }
    }
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void nginx(String... arguments) throws Exception {
    List<String> words = new ArrayList<>(nginx.command());
    words.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("nginx.out").toFile())
            .start();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  private LiveMigration migration() {
    return new LiveMigration(
        new LiveSetup(dir, gateway, source, target), Pace.REAL, ProgressSink.NONE);
  }

  /** Both sides filled and compared, and an Nginx that sends all reads to the source. */
  private void ready() throws Exception {
    LiveResult started =
        migration()
            .start(NameFilter.ALL, this::copy, LiveFixture.QUICK.until(MigrationPhase.COMPARE));
    assertThat(started.failure()).isEmpty();
    StartOptions noShadow =
        new StartOptions(
            MigrationPhase.SHADOW,
            Duration.ofSeconds(5),
            PATIENCE,
            1,
            Duration.ZERO,
            5,
            RepairLimit.USUAL,
            0,
            Duration.ZERO,
            0);
    assertThat(migration().start(NameFilter.ALL, this::copy, noShadow).failure()).isEmpty();
    Path include = nginx.include();
    Files.writeString(
        include, new NginxInclude(NginxAddresses.of(gateway.status()), 0, 0, 0, false).text());
    nginx();
    migration().splitBy(nginx);
  }

  private void copy(CollectionName collection, MirrorStatus mirror) {
    fill(target);
  }

  /** Searches through Nginx until it is stopped. */
  private final class Reader {
    private final AtomicLong searches = new AtomicLong();
    private final List<String> failures = new ArrayList<>();
    private final MilvusConnection through =
        MilvusConnection.open(ConnectionSettings.parse("http://127.0.0.1:" + port));
    private final Thread thread = new Thread(this::search, "reader");
    private volatile boolean stopped;

    Reader() {
      thread.start();
    }

    private void search() {
      IndexSpec index = source.source(name).describe().indexes().get(0);
      while (!stopped) {
        try {
          int row = (int) (searches.incrementAndGet() % ROWS);
          if (through.source(name).search(index, rows.slice(row, row + 1), 5).get(0).size() != 5) {
            failures.add("fewer than five hits");
          }
        } catch (FerryException e) {
          failures.add(String.valueOf(e.getMessage()));
        }
      }
    }

    void stop() throws InterruptedException {
      stopped = true;
      thread.join();
      through.close();
    }
  }

  private ReadCounts reads() {
    return migration().status(NameFilter.ALL, Duration.ofSeconds(5)).collections().get(0).reads();
  }

  @Test
  void goesThereAndBackWithoutAFailedSearch() throws Exception {
    ready();
    Reader reader = new Reader();
    try {
      TimeUnit.SECONDS.sleep(2);
      ReadCounts before = reads();
      assertThat(before.source().calls()).isPositive();
      assertThat(before.target().calls()).isZero();

      LiveResult over =
          migration()
              .cutover(
                  NameFilter.ALL,
                  new CutoverOptions(
                      List.of(10, 50), Duration.ofSeconds(4), 0.01, Duration.ofSeconds(5), true));
      assertThat(over.failure()).isEmpty();
      ReadCounts half = reads();
      double share =
          (double) half.target().calls() / (half.target().calls() + half.source().calls());
      assertThat(share).isBetween(0.4, 0.6);

      assertThat(
              migration()
                  .cutover(
                      NameFilter.ALL,
                      new CutoverOptions(
                          List.of(100), Duration.ofSeconds(3), 0.01, Duration.ofSeconds(5), true))
                  .failure())
          .isEmpty();
      TimeUnit.SECONDS.sleep(1);
      assertThat(reads().target().calls()).isGreaterThan(reads().source().calls());

      assertThat(migration().rollback(NameFilter.ALL, false, false).failure()).isEmpty();
      TimeUnit.SECONDS.sleep(2);
      assertThat(Files.readString(nginx.include())).contains(" down;");
      assertThat(reads().source().calls()).isPositive();
    } finally {
      reader.stop();
    }
    assertThat(reader.searches.get()).isGreaterThan(100);
    assertThat(reader.failures).isEmpty();
    assertThat(Files.readAllLines(nginx.log())).allMatch(line -> line.contains(" 200 "));
  }

  @Test
  void keepsTheWeightsWhenOthersBreakTheConfiguration() throws Exception {
    ready();
    String before = Files.readString(nginx.include());
    Path site = dir.resolve("nginx.conf");
    String good = Files.readString(site);
    Files.writeString(site, good.replace("keepalive_requests", "keepalive_request"));

    assertThatThrownBy(() -> migration().cutover(NameFilter.ALL, CutoverOptions.DEFAULT))
        .isInstanceOf(FerryException.class)
        .hasMessageContaining("unknown directive \"keepalive_request\"")
        .extracting(e -> ((FerryException) e).code())
        .isEqualTo(ErrorCode.NGINX_REFUSED);

    assertThat(nginx.include()).hasContent(before);
    Reader reader = new Reader();
    TimeUnit.SECONDS.sleep(1);
    reader.stop();
    assertThat(reader.failures).isEmpty();
    Files.writeString(site, good);
  }

  @Test
  void goesBackWhenCallsBreakOffAtTheTarget() throws Exception {
    ready();
    BrokenServer broken = new BrokenServer();
    Reader reader = new Reader();
    try {
      gateway.between(address("FERRY_IT_SOURCE").substring(7), broken.address());

      LiveResult result =
          migration()
              .cutover(
                  NameFilter.ALL,
                  new CutoverOptions(
                      List.of(50, 100), Duration.ofSeconds(6), 0.01, Duration.ofSeconds(5), true));

      assertThat(result.failure().orElseThrow().code()).isEqualTo(ErrorCode.CUTOVER_WENT_BACK);
      assertThat(result.failure().orElseThrow()).hasMessageContaining("reads failed at the target");
      assertThat(Files.readString(nginx.include()))
          .contains("server %s down;".formatted(broken.address()));
      assertThat(reader.searches.get()).isPositive();
    } finally {
      reader.stop();
      broken.stop();
    }
  }

  /** Takes connections, reads what comes first, and hangs up. */
  private static final class BrokenServer {
    private final ServerSocket socket;
    private final Thread thread = new Thread(this::serve, "broken");

    BrokenServer() throws IOException {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      thread.start();
    }

    String address() {
      return "127.0.0.1:" + socket.getLocalPort();
    }

    private void serve() {
      while (!socket.isClosed()) {
        try (Socket connection = socket.accept()) {
          assertThat(connection.getInputStream().readNBytes(100)).isNotEmpty();
        } catch (IOException closed) {
          if (!socket.isClosed()) {
            throw new UncheckedIOException(closed);
          }
        }
      }
    }

    void stop() throws IOException, InterruptedException {
      socket.close();
      thread.join();
    }
  }
}
