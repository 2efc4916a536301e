package io.milvusferry.cli;

import io.milvusferry.cli.output.Report;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.progress.ProgressSink;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ferry live rollback}. */
@Command(
    name = "rollback",
    description =
        "Send reads and writes back to the source, with every write that the target took; the"
            + " collections stay mirrored.")
final class LiveRollbackCommand implements Callable<Integer> {
  private final Session session;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin LiveOptions live = new LiveOptions();
  @Mixin SelectionOptions selection = new SelectionOptions();

  @Option(
      names = "--abandon",
      description = "Give the migration up as well: nothing is mirrored any more.")
  boolean abandon;

  @Option(
      names = "--drop-target",
      description = "With --abandon: drop the target collections that ferry made.")
  boolean dropTarget;

  LiveRollbackCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    NameFilter filter = selection.filter();
    return session.run(common, "live rollback", progress -> report(filter, progress));
  }

  private Report report(NameFilter filter, ProgressSink progress) {
    if (dropTarget && !abandon) {
      throw new FerryException(
          ErrorCode.USAGE,
          "--drop-target goes with --abandon",
          "Without --abandon the target is still kept current.",
          null);
    }
    return new LiveStep(session, common, live)
        .run(
            progress,
            (migration, setup) ->
                new LiveReport(
                    migration.rollback(filter, abandon, dropTarget),
                    abandon ? "" : "ferry live cutover --state " + live.state));
  }
}
