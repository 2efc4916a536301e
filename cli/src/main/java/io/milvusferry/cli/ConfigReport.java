package io.milvusferry.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.milvusferry.cli.config.OptionNames;
import io.milvusferry.cli.config.Profile;
import io.milvusferry.cli.config.Settings;
import io.milvusferry.cli.output.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Every value that is set outside the command line.
 *
 * @param values in the order of the options, then of the profiles
 */
record ConfigReport(String file, List<Value> values) implements Report {
  /** One value with its origin. */
  record Value(String name, String value, String origin) {}

  static ConfigReport of(Settings settings) {
    List<Value> values = new ArrayList<>();
    for (String flag : OptionNames.IN_FILES) {
      settings
          .find(flag)
          .ifPresent(found -> values.add(new Value(flag, found.value(), found.origin())));
    }
    if (!settings.environment().getOrDefault("FERRY_PASSWORD", "").isEmpty()) {
      values.add(new Value("password", "***", "environment FERRY_PASSWORD"));
    }
    for (Profile profile : settings.config().profiles().values()) {
      for (String key : new TreeSet<>(profile.settings().keySet())) {
        values.add(
            new Value(
                "profiles.%s.%s".formatted(profile.name(), key),
                profile.shown(key),
                "file " + file(settings)));
      }
    }
    return new ConfigReport(file(settings), values);
  }

  private static String file(Settings settings) {
    return settings.config().file().map(Object::toString).orElse("");
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(file.isEmpty() ? "no configuration file" : "configuration " + file);
    for (Value value : values) {
      lines.add("  %-36s %-40s %s".formatted(value.name(), value.value(), value.origin()));
    }
    return lines;
  }

  @Override
  public void describe(JsonObject result) {
    JsonArray array = new JsonArray();
    for (Value value : values) {
      JsonObject object = new JsonObject();
      object.addProperty("name", value.name());
      object.addProperty("value", value.value());
      object.addProperty("origin", value.origin());
      array.add(object);
    }
    result.addProperty("file", file);
    result.add("values", array);
  }
}
