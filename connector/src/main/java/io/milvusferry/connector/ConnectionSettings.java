package io.milvusferry.connector;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How to reach a server.
 *
 * @param tls whether the connection is encrypted; the server is then verified
 * @param database what a URI names; collections of other databases are reached through the same
 *     connection
 * @param credentials {@code user:password} or a token, read when the connection is made and never
 *     printed; empty where the server asks for none
 * @param caFile certificates to trust instead of the system's
 * @param certFile the client's certificate chain, for mutual TLS
 * @param keyFile the client's private key, for mutual TLS
 * @param serverName name to verify the server's certificate against, instead of the host
 * @param deadline for one call, unless the call says otherwise
 */
public record ConnectionSettings(
    String host,
    int port,
    boolean tls,
    String database,
    Supplier<Optional<String>> credentials,
    Optional<Path> caFile,
    Optional<Path> certFile,
    Optional<Path> keyFile,
    Optional<String> serverName,
    Duration deadline) {

  private static final int DEFAULT_PORT = 19530;
  private static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(60);

  /**
   * Reads {@code http://host:port/database} or {@code https://…}, without credentials.
   *
   * @throws FerryException {@link ErrorCode#USAGE} when it is anything else; credentials in a URI
   *     are refused
   */
  public static ConnectionSettings parse(String text) {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw malformed(text, e);
    }
    boolean tls = "https".equals(uri.getScheme());
    if ((!tls && !"http".equals(uri.getScheme())) || uri.getHost() == null) {
      throw malformed(text, null);
    }
    if (uri.getUserInfo() != null) {
      throw new FerryException(
          ErrorCode.USAGE,
          "credentials do not belong into the address of " + uri.getHost(),
          "Name a password file in a profile, or set FERRY_PASSWORD.",
          null);
    }
    String path = uri.getPath() == null ? "" : uri.getPath().replaceAll("^/|/$", "");
    if (path.contains("/")) {
      throw malformed(text, null);
    }
    return new ConnectionSettings(
        uri.getHost(),
        uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
        tls,
        path.isEmpty() ? CollectionName.DEFAULT_DATABASE : path,
        Optional::empty,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        DEFAULT_DEADLINE);
  }

  /** The same with credentials. */
  public ConnectionSettings withCredentials(Supplier<Optional<String>> other) {
    return new ConnectionSettings(
        host, port, tls, database, other, caFile, certFile, keyFile, serverName, deadline);
  }

  /** The same with files for TLS. */
  public ConnectionSettings withTls(
      Optional<Path> ca, Optional<Path> cert, Optional<Path> key, Optional<String> name) {
    return new ConnectionSettings(
        host, port, tls, database, credentials, ca, cert, key, name, deadline);
  }

  /** The same with another deadline for one call. */
  public ConnectionSettings withDeadline(Duration other) {
    return new ConnectionSettings(
        host, port, tls, database, credentials, caFile, certFile, keyFile, serverName, other);
  }

  /** Where the server is, for messages. */
  public String address() {
    return host + ":" + port;
  }

  private static FerryException malformed(
      String text, @org.jspecify.annotations.Nullable Throwable cause) {
    return new FerryException(
        ErrorCode.USAGE,
        "'%s' is not the address of a server".formatted(text),
        "Write http://host:19530, https://host:19530, with /database if it is not the default one.",
        cause);
  }
}
