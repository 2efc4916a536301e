package io.milvusferry.cli.config;

import io.milvusferry.connector.ConnectionSettings;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.storage.DirectoryObjectStore;
import io.milvusferry.storage.ObjectStore;
import io.milvusferry.storage.S3Keys;
import io.milvusferry.storage.S3Location;
import io.milvusferry.storage.S3ObjectStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How a server is reached, and what it is told to be let in. Secrets are read when the connection
 * is made, not before.
 *
 * @param resolved hears every secret once it is known, to keep it out of sight
 */
public record ServerAccess(Settings settings, SecretFiles files, Consumer<Secret> resolved) {
  private static final String PASSWORD = "FERRY_PASSWORD";
  private static final String REGION = "AWS_REGION";

  /** Milvus' own first user. */
  private static final String ROOT = "root";

  /** A server by its address; with the password of the environment it is user {@code root}. */
  public ConnectionSettings of(String uri) {
    return ConnectionSettings.parse(uri)
        .withCredentials(() -> fromEnvironment().map(secret -> login(ROOT, secret)));
  }

  /** A server of the configuration. */
  public ConnectionSettings of(Profile profile) {
    requireOneSecret(profile);
    return ConnectionSettings.parse(profile.setting(Profile.URI).orElseThrow())
        .withTls(
            file(profile, Profile.CA_FILE),
            file(profile, Profile.CERT_FILE),
            file(profile, Profile.KEY_FILE),
            profile.setting(Profile.SERVER_NAME))
        .withCredentials(credentials(profile));
  }

  /**
   * The storage that a profile names; the caller closes it.
   *
   * @throws FerryException {@link ErrorCode#SECRET_UNREADABLE}, {@link
   *     ErrorCode#STORAGE_CREDENTIALS} where there are no keys, or {@link
   *     ErrorCode#STORAGE_NOT_FOUND} where there is no region
   */
  public ObjectStore storage(Profile profile) {
    Map<String, String> storage = profile.storage();
    return StorageSettings.isS3(storage)
        ? bucket(profile, StorageSettings.s3(storage))
        : new DirectoryObjectStore(
            directory().resolve(storage.getOrDefault(StorageSettings.PATH, "")));
  }

  private ObjectStore bucket(Profile profile, S3Location location) {
    Map<String, String> variables = settings.environment();
    S3Keys keys =
        keysOfFile(profile)
            .or(() -> S3Keys.environment(variables))
            .orElseThrow(
                () ->
                    new FerryException(
                        ErrorCode.STORAGE_CREDENTIALS,
                        "there are no keys for the storage %s of %s".formatted(location, profile),
                        "Give it a credentialsFile, or set AWS_ACCESS_KEY_ID and"
                            + " AWS_SECRET_ACCESS_KEY.",
                        null));
    hide(keys);
    Optional<String> region = Optional.ofNullable(variables.get(REGION));
    return S3ObjectStore.open(location.orIn(region.filter(name -> !name.isEmpty())), keys);
  }

  private Optional<S3Keys> keysOfFile(Profile profile) {
    return file(profile, Profile.STORAGE_KEY + StorageSettings.CREDENTIALS_FILE)
        .map(file -> S3Keys.parse(files.read(file).reveal(), file.toString()));
  }

  private void hide(S3Keys keys) {
    resolved.accept(new Secret(keys.secret()));
    keys.session().map(Secret::new).ifPresent(resolved);
  }

  /** The credentials that a profile leads to, in the form that servers take. */
  public Supplier<Optional<String>> credentials(Profile profile) {
    return () -> {
      Optional<Secret> token =
          profile
              .setting(Profile.TOKEN)
              .map(Secret::new)
              .or(() -> file(profile, Profile.TOKEN_FILE).map(files::read));
      if (token.isPresent()) {
        resolved.accept(token.get());
        return token.map(Secret::reveal);
      }
      Optional<Secret> password =
          file(profile, Profile.PASSWORD_FILE)
              .map(files::read)
              .or(() -> profile.setting(Profile.PASSWORD_COMMAND).map(SecretCommand::run))
              .or(this::fromEnvironment);
      if (password.isEmpty() && profile.setting(Profile.USER).isPresent()) {
        throw new FerryException(
            ErrorCode.SECRET_UNREADABLE,
            "%s names a user but no password".formatted(profile),
            "Give it a passwordFile or a passwordCommand, or set FERRY_PASSWORD.",
            null);
      }
      return password.map(secret -> login(profile.setting(Profile.USER).orElse(ROOT), secret));
    };
  }

  /**
   * Reads what a profile needs to be let in, by its server and by that one's storage.
   *
   * @throws FerryException {@link ErrorCode#SECRET_UNREADABLE} or {@link ErrorCode#CONFIG_INVALID}
   */
  public void requireReadable(Profile profile) {
    of(profile).credentials().get().map(Secret::new).ifPresent(resolved);
    keysOfFile(profile).ifPresent(this::hide);
  }

  private Optional<Secret> fromEnvironment() {
    return Optional.ofNullable(settings.environment().get(PASSWORD))
        .filter(password -> !password.isEmpty())
        .map(Secret::new);
  }

  private String login(String user, Secret password) {
    resolved.accept(password);
    return user + ":" + password.reveal();
  }

  /** A file of the configuration; relative to the configuration's directory. */
  private Optional<Path> file(Profile profile, String key) {
    return profile.setting(key).map(directory()::resolve);
  }

  private Path directory() {
    return settings
        .config()
        .file()
        .map(file -> file.toAbsolutePath().getParent())
        .orElse(Path.of(""));
  }

  private static void requireOneSecret(Profile profile) {
    List<String> given =
        List.of(Profile.TOKEN, Profile.TOKEN_FILE, Profile.PASSWORD_FILE, Profile.PASSWORD_COMMAND)
            .stream()
            .filter(key -> profile.setting(key).isPresent())
            .toList();
    if (given.size() > 1) {
      throw new FerryException(
          ErrorCode.CONFIG_INVALID,
          "%s has %s".formatted(profile, String.join(" and ", given)),
          "Keep one of them.",
          null);
    }
  }
}
