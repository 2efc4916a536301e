package io.milvusferry.cli;

import io.milvusferry.cli.config.Profile;
import io.milvusferry.cli.config.ServerAccess;
import io.milvusferry.cli.config.Suggestion;
import io.milvusferry.connector.ConnectionSettings;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.storage.ObjectStore;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Finds the server that a URI, or the name of a profile, means. */
final class Servers {
  private static final String SCHEME = "(?i)https?://.*";

  private final Session session;
  private final ServerAccess access;

  Servers(Session session, CommonOptions common) {
    this.session = session;
    this.access =
        new ServerAccess(
            session.settings(),
            session.secretFiles(common),
            secret -> session.console().hide(secret.reveal()));
  }

  /** Whether the word is a URI of a server or the name of a profile. */
  boolean names(String word) {
    return word.matches(SCHEME) || session.settings().config().profile(word).isPresent();
  }

  /**
   * A server that is read from; only its one database if the URI names one.
   *
   * @throws FerryException {@link ErrorCode#USAGE} if the word names no server, and what connecting
   *     throws
   */
  MilvusServer source(String word) {
    ConnectionSettings settings = settings(word);
    MilvusServer server = session.entryPoints().connect(settings);
    return database(word).isPresent() ? new OneDatabaseServer(server, settings.database()) : server;
  }

  /** The storage that a profile names; empty if the word is no profile, or names none. */
  Optional<ObjectStore> storage(String word) {
    return session
        .settings()
        .config()
        .profile(word)
        .filter(profile -> !profile.storage().isEmpty())
        .map(access::storage);
  }

  /**
   * A server that is written to.
   *
   * @throws FerryException {@link ErrorCode#USAGE} if the word names no server or a database of
   *     one, and what connecting throws
   */
  MilvusServer target(String word) {
    database(word)
        .ifPresent(
            database -> {
              throw new FerryException(
                  ErrorCode.USAGE,
                  "the target names the database '%s', but collections keep those of the archive"
                      .formatted(database),
                  "Leave /%s out, and pass --rename OLD=%s.NAME to move a collection."
                      .formatted(database, database),
                  null);
            });
    return session.entryPoints().connect(settings(word));
  }

  /**
   * How to reach a server, all of its databases; nothing is asked of it.
   *
   * @throws FerryException {@link ErrorCode#USAGE} if the word names no server or a database of one
   */
  ConnectionSettings connection(String word) {
    database(word)
        .ifPresent(
            database -> {
              throw new FerryException(
                  ErrorCode.USAGE,
                  "'%s' names the database '%s', but a gateway serves all of them"
                      .formatted(word, database),
                  "Leave /%s out.".formatted(database),
                  null);
            });
    return settings(word);
  }

  /** The name of the profile whose server is at {@code host:port}. */
  Optional<String> profileAt(String address) {
    return session.settings().config().profiles().entrySet().stream()
        .filter(entry -> entry.getValue().settings().containsKey("uri"))
        .filter(entry -> address.endsWith(access.of(entry.getValue()).address()))
        .map(java.util.Map.Entry::getKey)
        .findFirst();
  }

  /** Tells one server from another without saying where it is. */
  String id(String word) {
    return digest(settings(word).address() + "/" + database(word).orElse(""));
  }

  /** The same for a server as imports know it, whatever database the word names. */
  String targetId(String word) {
    return digest(settings(word).address() + "/");
  }

  private static String digest(String address) {
    return Digest.ofContent(address.getBytes(StandardCharsets.UTF_8)).hex();
  }

  /**
   * Reads every secret that a profile names.
   *
   * @throws FerryException {@link ErrorCode#SECRET_UNREADABLE} for the first that cannot be read
   */
  void requireReadableSecrets() {
    session.settings().config().profiles().values().forEach(access::requireReadable);
  }

  private ConnectionSettings settings(String word) {
    Optional<Profile> profile = session.settings().config().profile(word);
    if (profile.isPresent()) {
      return access.of(profile.get());
    }
    if (!word.matches(SCHEME)) {
      throw new FerryException(
          ErrorCode.USAGE,
          "'%s' is neither the address of a server nor the name of a profile".formatted(word),
          "Write http://host:19530, or name a profile. "
              + Suggestion.hint(word, session.settings().config().profiles().keySet()),
          null);
    }
    return access.of(word);
  }

  private Optional<String> database(String word) {
    String uri =
        session
            .settings()
            .config()
            .profile(word)
            .map(profile -> profile.settings().getOrDefault("uri", ""))
            .orElse(word);
    return Optional.ofNullable(URI.create(uri).getPath())
        .map(path -> path.replaceAll("^/|/$", ""))
        .filter(path -> !path.isEmpty());
  }
}
