package io.milvusferry.cli;

import com.google.gson.JsonObject;
import io.milvusferry.cli.config.Config;
import io.milvusferry.cli.config.ConfigReader;
import io.milvusferry.cli.config.Profile;
import io.milvusferry.cli.config.SecretFiles;
import io.milvusferry.cli.config.Settings;
import io.milvusferry.cli.output.Console;
import io.milvusferry.cli.output.Progress;
import io.milvusferry.cli.output.Report;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run of {@code ferry}: what it finds around it, and what it says. */
final class Session {
  private final Surroundings surroundings;
  private final EntryPoints entryPoints;
  private final Interruption interruption;
  private final CommandWords words;
  private final Console console;
  private @Nullable Settings settings;

  Session(
      Surroundings surroundings,
      EntryPoints entryPoints,
      Interruption interruption,
      CommandWords words) {
    this.surroundings = surroundings;
    this.entryPoints = entryPoints;
    this.interruption = interruption;
    this.words = words;
    this.console =
        new Console(
            surroundings.out(),
            surroundings.err(),
            surroundings.terminal().takesColors(words.has("--no-color")));
  }

  Surroundings surroundings() {
    return surroundings;
  }

  EntryPoints entryPoints() {
    return entryPoints;
  }

  Console console() {
    return console;
  }

  /** Runs what a command does, and says how it ended. */
  int run(CommonOptions common, String command, Operation operation) {
    Ending ending = new Ending(console, command, common.json, common.stacktrace);
    Logging.configure(common.verbose);
    if (common.json) {
      console.result(start(command));
    }
    try {
      Report report;
      try (Progress progress = progress(common)) {
        report = operation.run(progress);
      }
      return ending.report(report);
    } catch (Throwable e) {
      return ending.failure(e, interruption.status());
    }
  }

  /** Says that the command's words make no sense. */
  int failBeforeStart(Throwable cause) {
    return new Ending(console, words.command(), words.has("--json"), words.has("--stacktrace"))
        .failure(cause, Optional.empty());
  }

  /** Where options come from that are not on the command line; read when first asked for. */
  Settings settings() {
    Settings known = settings;
    if (known == null) {
      Config config =
          ConfigReader.locate(configFile(), surroundings.directory(), configHome())
              .map(ConfigReader::read)
              .orElse(Config.EMPTY);
      known = new Settings(surroundings.environment(), config, profile(config));
      settings = known;
    }
    return known;
  }

  /** Reads files with secrets, as strictly as the operator wants it. */
  SecretFiles secretFiles(CommonOptions common) {
    return new SecretFiles(common.secretMode == CommonOptions.SecretMode.ANY);
  }

  private Optional<Path> configFile() {
    return words
        .value("--config")
        .or(() -> Optional.of(surroundings.environment().getOrDefault("FERRY_CONFIG", "")))
        .filter(name -> !name.isEmpty())
        .map(Path::of);
  }

  private Path configHome() {
    String home = surroundings.environment().getOrDefault("XDG_CONFIG_HOME", "");
    return home.isEmpty() ? surroundings.home().resolve(".config") : Path.of(home);
  }

  /** The server that options are looked up for: the one that is written to, else the one read. */
  private Optional<Profile> profile(Config config) {
    return words
        .servers(surroundings.environment())
        .flatMap(name -> config.profile(name).stream())
        .findFirst();
  }

  private Progress progress(CommonOptions common) {
    return Progress.in(
        common.progress.settled(common.json, surroundings.terminal().understandsControls()),
        console,
        surroundings.terminal().columns(),
        surroundings.clock());
  }

  private static JsonObject start(String command) {
    JsonObject line = new JsonObject();
    line.addProperty("type", "start");
    line.addProperty("command", command);
    line.addProperty("version", ProductVersion.current().version());
    return line;
  }
}
