package io.milvusferry.cli;

import io.milvusferry.manifest.NameFilter;
import io.milvusferry.migration.live.LiveStatus;
import io.milvusferry.migration.live.PrometheusText;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ferry live status}. */
@Command(
    name = "status",
    description =
        "Print how far collections are, how far behind the journal is, and whether reads can be cut"
            + " over now.")
final class LiveStatusCommand implements Callable<Integer> {
  private final Session session;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin LiveOptions live = new LiveOptions();
  @Mixin SelectionOptions selection = new SelectionOptions();
  @Mixin LagOption lag = new LagOption();

  @Option(names = "--prometheus", description = "Print it as Prometheus reads it.")
  boolean prometheus;

  @Option(
      names = "--metrics-file",
      paramLabel = "FILE",
      description = "Write it to this file, as Prometheus reads it.")
  @Nullable Path metricsFile;

  LiveStatusCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    NameFilter filter = selection.filter();
    return session.run(
        common,
        "live status",
        progress ->
            new LiveStep(session, common, live)
                .run(
                    progress, (migration, setup) -> report(migration.status(filter, lag.limit()))));
  }

  private LiveStatusReport report(LiveStatus status) {
    Path file = metricsFile;
    if (file != null) {
      PrometheusText.write(status, file);
    }
    return new LiveStatusReport(status, prometheus);
  }
}
