package io.milvusferry.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ferry config}: where options come from. */
@Command(
    name = "config",
    description = "Show or check the configuration.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ConfigCommand.Show.class, ConfigCommand.Check.class})
final class ConfigCommand {
  @Mixin CommonOptions common = new CommonOptions();

  /** {@code ferry config show}. */
  @Command(name = "show", description = "Print each value that is set, and where it comes from.")
  static final class Show implements Callable<Integer> {
    private final Session session;

    @Mixin CommonOptions common = new CommonOptions();

    Show(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() {
      return session.run(common, "config show", progress -> ConfigReport.of(session.settings()));
    }
  }

  /** {@code ferry config check}. */
  @Command(
      name = "check",
      description = "Read the configuration and every secret that it names; say what is wrong.")
  static final class Check implements Callable<Integer> {
    private final Session session;

    @Mixin CommonOptions common = new CommonOptions();

    Check(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() {
      return session.run(
          common,
          "config check",
          progress -> {
            new Servers(session, common).requireReadableSecrets();
            return ConfigReport.of(session.settings());
          });
    }
  }
}
