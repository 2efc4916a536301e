package io.milvusferry.cli;

import io.milvusferry.importer.SwapAction;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ferry swap}: what comes after an import with {@code --publish swap}. */
@Command(
    name = "swap",
    description = "Drop what an import with --publish swap replaced, or put it back.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {SwapCommand.Drop.class, SwapCommand.Revert.class})
final class SwapCommand {
  @Mixin CommonOptions common = new CommonOptions();

  /** What both take. */
  abstract static class Step implements Callable<Integer> {
    private final Session session;
    private final SwapAction action;

    @Mixin CommonOptions common = new CommonOptions();
    @Mixin IntoOption into = new IntoOption();

    @Parameters(
        paramLabel = "ARCHIVE|ID",
        description = "Directory of the archive, or at least 16 digits of its id.")
    String archive = "";

    Step(Session session, SwapAction action) {
      this.session = session;
      this.action = action;
    }

    @Override
    public Integer call() {
      return session.run(
          common,
          "swap " + OptionTypes.word(action),
          progress -> new SwapStep(session, common, archive, into.server).report(action));
    }
  }

  /** {@code ferry swap drop}. */
  @Command(
      name = "drop",
      description =
          "Drop the collections NAME__before_ID that an import of this archive replaced. Nothing puts"
              + " them back then.")
  static final class Drop extends Step {
    Drop(Session session) {
      super(session, SwapAction.DROP);
    }
  }

  /** {@code ferry swap revert}. */
  @Command(
      name = "revert",
      description =
          "Give names and aliases back to the collections that an import of this archive replaced;"
              + " its own are called NAME__new_ID again.")
  static final class Revert extends Step {
    Revert(Session session) {
      super(session, SwapAction.REVERT);
    }
  }
}
