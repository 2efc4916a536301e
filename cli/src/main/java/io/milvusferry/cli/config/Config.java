package io.milvusferry.cli.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a configuration file says.
 *
 * @param file where it lies; empty where there is none
 * @param options defaults of options, by key
 */
public record Config(
    Optional<Path> file, Map<String, String> options, SortedMap<String, Profile> profiles) {
  /** The configuration of someone who has no file. */
  public static final Config EMPTY = new Config(Optional.empty(), Map.of(), new TreeMap<>());

  public Config {
    options = Map.copyOf(options);
    profiles = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(profiles));
  }

  /** The profile of that name. */
  public Optional<Profile> profile(String name) {
    return Optional.ofNullable(profiles.get(name));
  }
}
