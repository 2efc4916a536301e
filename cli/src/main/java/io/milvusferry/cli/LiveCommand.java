package io.milvusferry.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ferry live}: migration without downtime. */
@Command(
    name = "live",
    description =
        "Migrate collections without downtime through a gateway that runs: start, cutover, finish;"
            + " each can be run again at any time.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      LiveStartCommand.class,
      LiveStatusCommand.class,
      LiveCutoverCommand.class,
      LiveRollbackCommand.class,
      LiveFinishCommand.class
    })
final class LiveCommand {
  @Mixin CommonOptions common = new CommonOptions();
}
