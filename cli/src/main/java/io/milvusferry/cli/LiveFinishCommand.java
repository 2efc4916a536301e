package io.milvusferry.cli;

import io.milvusferry.manifest.NameFilter;
import io.milvusferry.migration.live.StartOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ferry live finish}. */
@Command(
    name = "finish",
    description =
        "Compare once more, then leave the source behind: the target alone is written and read.")
final class LiveFinishCommand implements Callable<Integer> {
  private final Session session;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin LiveOptions live = new LiveOptions();
  @Mixin SelectionOptions selection = new SelectionOptions();
  @Mixin JobsOption jobs = new JobsOption();
  @Mixin RepairOption repairs = new RepairOption();

  @Option(
      names = "--no-compare",
      description = "Rely on the last comparison instead of comparing once more.")
  boolean noCompare;

  LiveFinishCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    NameFilter filter = selection.filter();
    StartOptions options =
        StartOptions.DEFAULT.comparing(
            jobs.count(), session.entryPoints().rereadDelay(), repairs.limit());
    return session.run(
        common,
        "live finish",
        progress ->
            new LiveStep(session, common, live)
                .run(
                    progress,
                    (migration, setup) ->
                        new LiveReport(
                            migration.finish(filter, options, !noCompare),
                            "point applications at the target, then stop the gateway")));
  }
}
