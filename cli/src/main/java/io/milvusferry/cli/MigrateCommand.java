package io.milvusferry.cli;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.importer.Staging;
import io.milvusferry.manifest.NameFilter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ferry migrate}. */
@Command(
    name = "migrate",
    description =
        "Move collections from server to server, several at once, and compare; no archive is left"
            + " behind. Run it again to complete what is missing.")
final class MigrateCommand implements Callable<Integer> {
  private static final int USUAL_FINDINGS = 1000;
  private static final int USUAL_JOBS = 2;

  private final Session session;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin SelectionOptions selection = new SelectionOptions();
  @Mixin ExcerptOptions excerpt = new ExcerptOptions();
  @Mixin ReadOptions reading = new ReadOptions();
  @Mixin ImportOptions options = new ImportOptions();

  @Option(
      names = "--from",
      required = true,
      paramLabel = "SRC",
      description = "The server to read: http://host:19530[/database], https://…, or a profile.")
  String from = "";

  @Option(
      names = "--into",
      required = true,
      paramLabel = "DST",
      description = "The server to write: http://host:19530, https://…, or a profile.")
  String into = "";

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "" + USUAL_JOBS,
      description = "Move so many collections at once; default: ${DEFAULT-VALUE}.")
  PositiveNumber jobs = new PositiveNumber(USUAL_JOBS);

  @Option(
      names = "--max-findings",
      paramLabel = "N",
      defaultValue = "" + USUAL_FINDINGS,
      description = "List at most so many rows of a collection; default: ${DEFAULT-VALUE}.")
  PositiveNumber maxFindings = new PositiveNumber(USUAL_FINDINGS);

  MigrateCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    NameFilter filter = selection.filter();
    MigrateStep step =
        new MigrateStep(
            session,
            common,
            from,
            into,
            filter,
            excerpt.excerpt(),
            reading,
            options,
            jobs.value(),
            maxFindings.value());
    return session.run(
        common,
        "migrate",
        progress -> {
          requireNoPlaceOfAnArchive();
          return step.report(progress);
        });
  }

  private void requireNoPlaceOfAnArchive() {
    if (options.staging instanceof Staging.InPlace) {
      throw new FerryException(
          ErrorCode.USAGE,
          "--staging in-place means the place of an archive, but migrate makes none",
          "Name a directory that the target reads, or leave --staging out to insert rows.",
          null);
    }
  }
}
