package io.milvusferry.cli.config;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads {@code ferry.yaml}. Whatever it does not know is an error, never skipped. */
public final class ConfigReader {
  private static final int VERSION = 1;
  private static final String CONFIG_VERSION = "configVersion";
  private static final String PROFILES = "profiles";
  private static final List<String> OPTION_KEYS =
      OptionNames.IN_FILES.stream().map(OptionNames::key).toList();

  private ConfigReader() {}

  /**
   * The file that counts: the one named, else {@code ferry.yaml} in the working directory, else
   * {@code ferry/config.yaml} below the user's directory of configurations.
   */
  public static Optional<Path> locate(Optional<Path> named, Path directory, Path configHome) {
    if (named.isPresent()) {
      return named.map(directory::resolve);
    }
    Path here = directory.resolve("ferry.yaml");
    Path home = configHome.resolve("ferry").resolve("config.yaml");
    return List.of(here, home).stream().filter(Files::exists).findFirst();
  }

  /**
   * Reads a file.
   *
   * @throws FerryException {@link ErrorCode#CONFIG_INVALID}
   */
  public static Config read(Path file) {
    Object document;
    try {
      document =
          new Load(LoadSettings.builder().setLabel(file.toString()).build())
              .loadFromString(Files.readString(file));
    } catch (IOException e) {
      throw invalid(
          "the configuration %s cannot be read: %s".formatted(file, e.getClass().getSimpleName()),
          "Check the path.",
          e);
    } catch (YamlEngineException e) {
      throw invalid(
          "%s is not YAML: %s"
              .formatted(file, String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          "Correct it.",
          null);
    }
    return new Parser(file).config(document);
  }

  private static FerryException invalid(String message, String hint, @Nullable Throwable cause) {
    return new FerryException(ErrorCode.CONFIG_INVALID, message, hint, cause);
  }

  private record Parser(Path file) {
    Config config(@Nullable Object document) {
      Map<String, @Nullable Object> top = map(document, "the file");
      List<String> known = new ArrayList<>(OPTION_KEYS);
      known.add(CONFIG_VERSION);
      known.add(PROFILES);
      requireKnown(top, known, "");
      Object version = top.get(CONFIG_VERSION);
      if (!Integer.valueOf(VERSION).equals(version)) {
        throw invalid(
            "%s has configVersion %s, but this build reads %d".formatted(file, version, VERSION),
            "Write configVersion: %d, and see docs/cli.md for its keys.".formatted(VERSION),
            null);
      }
      SortedMap<String, Profile> profiles = new TreeMap<>();
      if (top.get(PROFILES) != null) {
        map(top.get(PROFILES), PROFILES)
            .forEach((name, settings) -> profiles.put(name, profile(name, settings)));
      }
      top.remove(CONFIG_VERSION);
      top.remove(PROFILES);
      return new Config(Optional.of(file), texts(top, ""), profiles);
    }

    private Profile profile(String name, @Nullable Object content) {
      String place = PROFILES + "." + name;
      Map<String, @Nullable Object> settings = map(content, place);
      List<String> known = new ArrayList<>(OPTION_KEYS);
      known.addAll(Profile.KEYS);
      requireKnown(settings, known, place + ".");
      if (!settings.containsKey(Profile.URI)) {
        throw invalid(
            "%s: %s has no uri".formatted(file, place),
            "Write uri: http://host:19530 below it.",
            null);
      }
      Map<String, String> values = new TreeMap<>();
      if (settings.get(Profile.STORAGE) != null) {
        values.putAll(storage(settings.get(Profile.STORAGE), place + "." + Profile.STORAGE));
      }
      settings.remove(Profile.STORAGE);
      values.putAll(texts(settings, place + "."));
      return new Profile(name, values);
    }

    private Map<String, String> storage(@Nullable Object content, String place) {
      Map<String, @Nullable Object> settings = map(content, place);
      requireKnown(settings, StorageSettings.KEYS, place + ".");
      Map<String, String> values = new TreeMap<>();
      texts(settings, place + ".")
          .forEach((key, value) -> values.put(Profile.STORAGE_KEY + key, value));
      String wrong = StorageSettings.wrong(texts(settings, place + "."));
      if (!wrong.isEmpty()) {
        throw invalid(
            "%s: %s %s".formatted(file, place, wrong),
            "Write { kind: directory, path: DIR } or { kind: s3, bucket: NAME, endpoint: URL }.",
            null);
      }
      return values;
    }

    private void requireKnown(Map<String, ?> found, List<String> known, String place) {
      for (String key : found.keySet()) {
        if (key.equals("password")) {
          throw invalid(
              "%s: %spassword does not belong into a configuration".formatted(file, place),
              "Use passwordFile, passwordCommand or FERRY_PASSWORD.",
              null);
        }
        if (!known.contains(key)) {
          throw invalid(
              "%s: unknown key %s%s".formatted(file, place, key),
              Suggestion.hint(key, known),
              null);
        }
      }
    }

    private Map<String, @Nullable Object> map(@Nullable Object content, String place) {
      if (!(content instanceof Map<?, ?> entries)) {
        throw invalid(
            "%s: %s is not a mapping".formatted(file, place),
            "Write keys and values below it.",
            null);
      }
      Map<String, @Nullable Object> map = new TreeMap<>();
      entries.forEach((key, value) -> map.put(String.valueOf(key), value));
      return map;
    }

    private Map<String, String> texts(Map<String, @Nullable Object> values, String place) {
      Map<String, String> texts = new TreeMap<>();
      values.forEach(
          (key, value) -> {
            if (value == null || value instanceof Map || value instanceof List) {
              throw invalid(
                  "%s: %s%s is not a single value".formatted(file, place, key),
                  "Write one word or number.",
                  null);
            }
            texts.put(key, value.toString());
          });
      return texts;
    }
  }
}
