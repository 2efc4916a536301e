package io.milvusferry.cli;

import io.milvusferry.cli.output.Report;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.migration.live.CutoverOptions;
import io.milvusferry.migration.live.NginxSettings;
import io.milvusferry.progress.ProgressSink;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ferry live cutover}. */
@Command(
    name = "cutover",
    description =
        "Send reads to the target, step by step; goes back a step and ends with 4 when too many of"
            + " them fail.")
final class LiveCutoverCommand implements Callable<Integer> {
  private final Session session;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin LiveOptions live = new LiveOptions();
  @Mixin SelectionOptions selection = new SelectionOptions();
  @Mixin LagOption lag = new LagOption();
  @Mixin NginxOptions nginx = new NginxOptions();

  @Option(
      names = "--steps",
      paramLabel = "PERCENT",
      split = ",",
      defaultValue = "10,50,100",
      description = "Percent of reads at each step; default: ${DEFAULT-VALUE}.")
  List<Integer> steps = List.of(10, 50, 100);

  @Option(
      names = "--watch",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "Watch each step for so long; default: ${DEFAULT-VALUE}.")
  TimeSpan watch = TimeSpan.parse("60s");

  @Option(
      names = "--max-error-rate",
      paramLabel = "SHARE",
      defaultValue = "1%",
      description = "Go back when more of the target's reads fail; default: ${DEFAULT-VALUE}.")
  Percent maxErrorRate = Percent.parse("1%");

  @Option(
      names = "--no-reverse",
      description = "Let the source decide about writes also when all reads are at the target.")
  boolean noReverse;

  LiveCutoverCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    NameFilter filter = selection.filter();
    return session.run(common, "live cutover", progress -> report(filter, progress));
  }

  private Report report(NameFilter filter, ProgressSink progress) {
    Optional<NginxSettings> router = nginx.settings();
    CutoverOptions options = options();
    return new LiveStep(session, common, live)
        .run(
            progress,
            (migration, setup) -> {
              router.ifPresent(migration::splitBy);
              return new LiveReport(
                  migration.cutover(filter, options), "ferry live finish --state " + live.state);
            });
  }

  private CutoverOptions options() {
    try {
      return new CutoverOptions(
          steps, watch.duration(), maxErrorRate.share(), lag.limit(), !noReverse);
    } catch (IllegalArgumentException e) {
      throw new FerryException(
          ErrorCode.USAGE, String.valueOf(e.getMessage()), "Write --steps 10,50,100.", e);
    }
  }
}
