package io.milvusferry.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.milvusferry.error.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies around the command, in its home or on its machine, changes nothing. */
class S3SurroundingsTest {
  private static final S3Keys KEYS = new S3Keys("mine", "secret", Optional.empty());

  @TempDir Path dir;
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final List<String> signatures = Collections.synchronizedList(new ArrayList<>());
  private final List<String> askedElsewhere = Collections.synchronizedList(new ArrayList<>());
  private final Properties before = new Properties();
  private HttpServer storage;
  private HttpServer elsewhere;

  /** All that Amazon's client looks at leads elsewhere, or is no file that can be read. */
  @BeforeEach
  void surround() throws IOException {
    storage = listen(this::list);
    elsewhere = listen(exchange -> askedElsewhere.add(exchange.getRequestURI().toString()));
    Path profiles = dir.resolve("profiles");
    Files.writeString(profiles, "neither a section nor a property\n");
    before.putAll(System.getProperties());
    Map.of(
            "user.home", dir.toString(),
            "aws.configFile", profiles.toString(),
            "aws.sharedCredentialsFile", profiles.toString(),
            "aws.ec2MetadataServiceEndpoint", endpoint(elsewhere).toString(),
            "aws.defaultsMode", "auto",
            "aws.endpointUrl", endpoint(elsewhere).toString(),
            "aws.endpointUrlS3", endpoint(elsewhere).toString(),
            "aws.region", "eu-north-1",
            "aws.accessKeyId", "theirs",
            "aws.secretAccessKey", "theirs")
        .forEach(System::setProperty);
  }

  @AfterEach
  void leave() {
    System.setProperties(before);
    storage.stop(0);
    elsewhere.stop(0);
  }

  private static HttpServer listen(com.sun.net.httpserver.HttpHandler handler) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", handler);
    server.start();
    return server;
  }

  private void list(HttpExchange exchange) throws IOException {
    asked.add(exchange.getRequestURI().getPath());
    signatures.add(exchange.getRequestHeaders().getFirst("Authorization"));
    byte[] body = "<ListBucketResult/>".getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static URI endpoint(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Test
  void onlyTheEndpointIsAskedWithTheKeysThatWereNamed() {
    S3Location location =
        new S3Location("bucket", "", Optional.of(endpoint(storage)), Optional.empty());
    try (ObjectStore store = S3ObjectStore.open(location, KEYS)) {
      assertThat(store.list("")).isEmpty();
    }
    assertThat(asked).containsExactly("/bucket");
    assertThat(signatures)
        .singleElement()
        .asString()
        .contains("Credential=mine/", "/us-east-1/s3/")
        .doesNotContain("theirs");
    assertThat(askedElsewhere).isEmpty();
  }

  @Test
  void aRegionIsNotLookedForOnTheMachine() {
    S3Location nowhere = new S3Location("bucket", "", Optional.empty(), Optional.empty());
    ObjectStoreContract.assertCode(
        ErrorCode.STORAGE_NOT_FOUND, () -> S3ObjectStore.open(nowhere, KEYS).close());
    assertThat(askedElsewhere).isEmpty();
  }
}
