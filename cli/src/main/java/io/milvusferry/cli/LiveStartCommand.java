package io.milvusferry.cli;

import io.milvusferry.cli.output.Report;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.importer.Importer;
import io.milvusferry.importer.Pause;
import io.milvusferry.importer.Staging;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.migration.Migration;
import io.milvusferry.migration.live.ArchiveBackfill;
import io.milvusferry.migration.live.Backfill;
import io.milvusferry.migration.live.DirectBackfill;
import io.milvusferry.migration.live.LiveMigration;
import io.milvusferry.migration.live.LiveResult;
import io.milvusferry.migration.live.LiveSetup;
import io.milvusferry.migration.live.MigrationPhase;
import io.milvusferry.migration.live.NginxSettings;
import io.milvusferry.migration.live.StartOptions;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.verify.ComparisonSettings;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ferry live start}. */
@Command(
    name = "start",
    description =
        "Mirror collections, fill the target, catch up, compare, and repair until reads can be cut"
            + " over; run it again to go on.")
final class LiveStartCommand implements Callable<Integer> {
  private final Session session;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin LiveOptions live = new LiveOptions();
  @Mixin SelectionOptions selection = new SelectionOptions();
  @Mixin LagOption lag = new LagOption();
  @Mixin NginxOptions nginx = new NginxOptions();
  @Mixin JobsOption jobs = new JobsOption();
  @Mixin RepairOption repairs = new RepairOption();
  @Mixin VerifyWithOption origin = new VerifyWithOption();

  @Option(
      names = "--until",
      paramLabel = "PHASE",
      defaultValue = "shadow",
      description =
          "Stop after prepare, mirror, backfill, catch-up, compare or shadow; default:"
              + " ${DEFAULT-VALUE}.")
  MigrationPhase until = MigrationPhase.SHADOW;

  @Option(
      names = "--backfill",
      paramLabel = "ARCHIVE",
      description =
          "Fill the target from this archive, exported after --until mirror, instead of copying"
              + " from the source.")
  @Nullable Path archive;

  @Option(
      names = "--staging",
      paramLabel = "PLACE",
      description =
          "Where the target can read files: in-place (the archive itself), DIR or"
              + " DIR=DIR-AS-SEEN-BY-SERVER. Without it rows are inserted, which is slower.")
  Staging staging = new Staging.None();

  @Option(
      names = "--read-limit",
      paramLabel = "SIZE",
      description = "Read at most so many bytes a second of the source, such as 50M.")
  @Nullable Rate readLimit;

  @Option(
      names = "--shadow",
      paramLabel = "SHARE",
      defaultValue = "10%",
      description =
          "Ask the target so many of the searches too, and compare; default: ${DEFAULT-VALUE}.")
  Percent shadow = Percent.parse("10%");

  @Option(
      names = "--watch",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "For so long; default: ${DEFAULT-VALUE}.")
  TimeSpan watch = TimeSpan.parse("60s");

  @Option(
      names = "--min-recall",
      paramLabel = "SHARE",
      defaultValue = "0%",
      description =
          "Least share of the source's hits that the target must find; default: ${DEFAULT-VALUE},"
              + " which only tells it.")
  Percent minRecall = Percent.parse("0%");

  @Option(
      names = "--retry-failed",
      description = "Try the writes again first that the target refused for good.")
  boolean retryFailed;

  LiveStartCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    NameFilter filter = selection.filter();
    return session.run(common, "live start", progress -> report(filter, progress));
  }

  private Report report(NameFilter filter, ProgressSink progress) {
    Optional<NginxSettings> router = nginx.settings();
    StartOptions options = options();
    requireArchive();
    return new LiveStep(session, common, live)
        .run(
            progress,
            (migration, setup) -> report(migration, setup, filter, router, options, progress));
  }

  private Report report(
      LiveMigration migration,
      LiveSetup setup,
      NameFilter filter,
      Optional<NginxSettings> router,
      StartOptions options,
      ProgressSink progress) {
    router.ifPresent(migration::splitBy);
    if (retryFailed) {
      migration.retryFailed(filter);
    }
    LiveResult result = migration.start(filter, backfill(setup, progress), options);
    String next =
        until == MigrationPhase.SHADOW
            ? "ferry live cutover --state " + live.state
            : "ferry live start --state " + live.state;
    return new LiveReport(result, next);
  }

  /** Before anything is changed anywhere. */
  private void requireArchive() {
    if (archive == null && origin.verifyWith != null) {
      throw new FerryException(
          ErrorCode.USAGE,
          "--verify-with is for an archive, and rows are copied from the source",
          "Name the archive with --backfill, or leave --verify-with out.",
          null);
    }
  }

  private StartOptions options() {
    if (!until.upTo(MigrationPhase.SHADOW)) {
      throw new FerryException(
          ErrorCode.USAGE,
          "--until %s is no phase of a start".formatted(until.word()),
          "Stop after shadow at the latest; ferry live cutover does what comes then.",
          null);
    }
    StartOptions usual = StartOptions.DEFAULT;
    return new StartOptions(
        until,
        lag.limit(),
        usual.patience(),
        jobs.count(),
        session.entryPoints().rereadDelay(),
        usual.maxRounds(),
        repairs.limit(),
        (int) Math.round(shadow.share() * 100),
        watch.duration(),
        minRecall.share());
  }

  private Backfill backfill(LiveSetup setup, ProgressSink progress) {
    Path shipped = archive;
    if (shipped != null) {
      return new ArchiveBackfill(
          new Importer(session.surroundings().clock(), new SecureRandom()),
          shipped,
          setup,
          staging,
          origin.check(session),
          progress);
    }
    return new DirectBackfill(
        new Migration(new SecureRandom(), Pause.SLEEP, ComparisonSettings.DEFAULT),
        setup,
        staging,
        Rate.throttle(readLimit),
        jobs.count(),
        ProductVersion.current().toString(),
        session.surroundings().clock(),
        progress);
  }
}
