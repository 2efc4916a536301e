package io.milvusferry.cli.config;

import java.util.Map;
import java.util.Optional;

/**
 * Finds the value of an option that is not on the command line: in the environment, then in the
 * profile in use, then at the top of the configuration file.
 *
 * @param environment the environment's variables; empty ones count as absent
 * @param profile the profile that the command line names, if it names one
 */
public record Settings(Map<String, String> environment, Config config, Optional<Profile> profile) {

  /**
   * A value and where it came from.
   *
   * @param origin such as {@code environment FERRY_BWLIMIT}
   */
  public record Found(String value, String origin) {}

  /**
   * Looks an option up.
   *
   * @param flag such as {@code --bwlimit}
   */
  public Optional<Found> find(String flag) {
    String variable = OptionNames.environment(flag);
    String inEnvironment = environment.getOrDefault(variable, "");
    if (!inEnvironment.isEmpty()) {
      return Optional.of(new Found(inEnvironment, "environment " + variable));
    }
    String key = OptionNames.key(flag);
    Optional<Found> inProfile =
        profile.flatMap(
            used -> used.setting(key).map(value -> new Found(value, "profile " + used.name())));
    return inProfile.or(
        () ->
            Optional.ofNullable(config.options().get(key))
                .map(
                    value ->
                        new Found(
                            value, "file " + config.file().map(Object::toString).orElse("?"))));
  }
}
