package io.milvusferry.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which live migration. */
final class LiveOptions {
  @Option(
      names = "--state",
      required = true,
      paramLabel = "DIR",
      description = "The state directory of the gateway, which runs.")
  Path state = Path.of("");

  @Option(
      names = "--from",
      paramLabel = "SRC",
      description =
          "The gateway's source, with what it takes to be let in; default: the profile of that"
              + " address, else the address itself.")
  @Nullable String from;

  @Option(names = "--into", paramLabel = "DST", description = "The gateway's target, likewise.")
  @Nullable String into;

  Optional<String> from() {
    return Optional.ofNullable(from);
  }

  Optional<String> into() {
    return Optional.ofNullable(into);
  }
}
