package io.milvusferry.transfer.remote;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Where an SFTP server is, and what is meant on it.
 *
 * @param path absolute, or relative to the home of the user; never ends in {@code /}
 */
public record SftpAddress(String user, String host, int port, String path) {
  private static final int SSH_PORT = 22;

  public SftpAddress {
    if (user.isEmpty() || host.isEmpty() || path.isEmpty() || port < 1 || port > 65535) {
      throw new IllegalArgumentException("incomplete: " + user + "@" + host + ":" + port + path);
    }
  }

  /**
   * Reads {@code sftp://user@host[:port]/path}; {@code /~/path} is below the home of the user.
   *
   * @throws FerryException {@link ErrorCode#DESTINATION_INVALID}
   */
  public static SftpAddress parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw invalid("it is no URI", e);
    }
    if (!"sftp".equals(uri.getScheme())) {
      throw invalid("'%s' does not start with sftp://".formatted(uri.getScheme()), null);
    }
    String user = uri.getUserInfo();
    if (user == null || user.isEmpty()) {
      throw invalid("it names no user", null);
    }
    if (user.contains(":")) {
      // Not repeated: what follows the colon is a password.
      throw invalid("it has a password in it", null);
    }
    String host = uri.getHost();
    if (host == null || uri.getQuery() != null || uri.getFragment() != null) {
      throw invalid("it names no host, or has a query", null);
    }
    if (host.startsWith("[")) {
      host = host.substring(1, host.length() - 1);
    }
    int port = uri.getPort() < 0 ? SSH_PORT : uri.getPort();
    if (port < 1 || port > 65535) {
      throw invalid("%d is no port".formatted(port), null);
    }
    return new SftpAddress(user, host, port, path(uri.getPath()));
  }

  /** The same server, and another path on it. */
  public SftpAddress withPath(String other) {
    return new SftpAddress(user, host, port, other);
  }

  private static String path(String path) {
    String trimmed = path.replaceAll("/+$", "");
    if (trimmed.equals("/~")) {
      return ".";
    }
    if (trimmed.startsWith("/~/")) {
      return trimmed.substring(3);
    }
    if (trimmed.isEmpty()) {
      throw invalid("it names no directory", null);
    }
    return trimmed;
  }

  private static FerryException invalid(String why, @Nullable Throwable cause) {
    return new FerryException(
        ErrorCode.DESTINATION_INVALID,
        "the destination is not usable: " + why,
        "Write it as sftp://user@host:port/path, or sftp://user@host/~/path below the home"
            + " directory; give a password by file.",
        cause);
  }

  @Override
  public String toString() {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    String where = path.startsWith("/") ? path : "/~/" + path;
    return "sftp://%s@%s%s%s".formatted(user, shown, port == SSH_PORT ? "" : ":" + port, where);
  }
}
