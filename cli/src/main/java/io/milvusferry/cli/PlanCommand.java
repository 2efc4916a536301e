package io.milvusferry.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ferry plan}: what a command would do. */
@Command(
    name = "plan",
    description = "Say what a command would do, and what would be in its way.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = PlanCommand.Import.class)
final class PlanCommand {
  @Mixin CommonOptions common = new CommonOptions();

  /** {@code ferry plan import}. */
  @Command(
      name = "import",
      description =
          "Say what ferry import would do: what becomes of each collection, which way its rows go,"
              + " what the target cannot keep and what is done instead, and what cannot be done at"
              + " all. What must be asked of the server is asked with collections named"
              + " ferry_probe_…, which are dropped again; nothing else is written.")
  static final class Import implements Callable<Integer> {
    private final Session session;

    @Mixin CommonOptions common = new CommonOptions();
    @Mixin SelectionOptions selection = new SelectionOptions();
    @Mixin IntoOption into = new IntoOption();
    @Mixin PlanOptions options = new PlanOptions();
    @Mixin PublishOption publish = new PublishOption();
    @Mixin VerifyWithOption origin = new VerifyWithOption();

    @Parameters(paramLabel = "ARCHIVE", description = "Directory of the archive.")
    Path archive = Path.of("");

    Import(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() {
      PlanStep step =
          new PlanStep(
              session,
              common,
              archive,
              into.server,
              selection.filter(),
              options,
              publish.way,
              origin);
      return session.run(common, "plan import", step::report);
    }
  }
}
