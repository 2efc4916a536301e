package io.milvusferry.connector;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

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
  private static final String HINT =
      "Write http://host:19530 or https://host:19530, with /database if it is not the default one.";

  /**
   * An address that holds no more than scheme, host, port and path; anything else is no address.
   */
  private static final Pattern PRESENTABLE =
      Pattern.compile("(\\w+://)?[\\w.-]*(:\\d{0,5})?(/[\\w./-]*)?");

  private static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(60);

  /**
   * Reads {@code http://host:port/database} or {@code https://…}, without credentials.
   *
   * @throws FerryException {@link ErrorCode#USAGE} when it is anything else; credentials in a URI
   *     are refused, and no message repeats them
   */
  public static ConnectionSettings parse(String text) {
    if (text.indexOf('@') >= 0) {
      throw new FerryException(
          ErrorCode.USAGE,
          "credentials do not belong into the address of a server",
          "Name a password file in a profile, or set FERRY_PASSWORD.",
          null);
    }
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException withheld) {
      // Its message repeats the text, which may hold a secret.
      throw malformed(text);
    }
    boolean tls = "https".equals(uri.getScheme());
    if ((!tls && !"http".equals(uri.getScheme()))
        || uri.getHost() == null
        || uri.getPort() == 0
        || uri.getPort() > 65_535
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null) {
      throw malformed(text);
    }
    String path = uri.getPath().replaceAll("^/|/$", "");
    if (path.contains("/")) {
      throw malformed(text);
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

  private static FerryException malformed(String text) {
    return new FerryException(
        ErrorCode.USAGE,
        (PRESENTABLE.matcher(text).matches() ? "'" + text + "'" : "what was given")
            + " is not the address of a server",
        HINT,
        null);
  }
}
