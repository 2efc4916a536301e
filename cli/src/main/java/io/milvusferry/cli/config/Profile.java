package io.milvusferry.cli.config;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A named server of the configuration file.
 *
 * @param settings what the file says: where the server is and how to be let in, and defaults of
 *     options for this server, by key
 */
public record Profile(String name, Map<String, String> settings) {
  static final String URI = "uri";
  static final String USER = "user";
  static final String PASSWORD_FILE = "passwordFile";
  static final String PASSWORD_COMMAND = "passwordCommand";
  static final String TOKEN = "token";
  static final String TOKEN_FILE = "tokenFile";
  static final String CA_FILE = "caFile";
  static final String CERT_FILE = "certFile";
  static final String KEY_FILE = "keyFile";
  static final String SERVER_NAME = "serverName";

  /** Where the server keeps its segment files: a mapping, whose keys follow the dot. */
  static final String STORAGE = "storage";

  static final String STORAGE_KEY = STORAGE + ".";

  /** Keys of a profile that are not options. */
  static final Set<String> KEYS =
      Set.of(
          URI,
          USER,
          PASSWORD_FILE,
          PASSWORD_COMMAND,
          TOKEN,
          TOKEN_FILE,
          CA_FILE,
          CERT_FILE,
          KEY_FILE,
          SERVER_NAME,
          STORAGE);

  public Profile {
    settings = Map.copyOf(settings);
  }

  Optional<String> setting(String key) {
    return Optional.ofNullable(settings.get(key));
  }

  /** What stands under {@code storage}, by key; empty if nothing does. */
  public SortedMap<String, String> storage() {
    SortedMap<String, String> storage = new TreeMap<>();
    settings.forEach(
        (key, value) -> {
          if (key.startsWith(STORAGE_KEY)) {
            storage.put(key.substring(STORAGE_KEY.length()), value);
          }
        });
    return storage;
  }

  /** The settings as they may be shown. */
  public String shown(String key) {
    return key.equals(TOKEN) ? "***" : settings.getOrDefault(key, "");
  }

  @Override
  public String toString() {
    return "profile " + name;
  }
}
