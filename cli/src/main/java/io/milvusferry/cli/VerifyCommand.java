package io.milvusferry.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ferry verify}. */
@Command(
    name = "verify",
    description = "Check that an archive is complete and valid, byte for byte; offline.")
final class VerifyCommand implements Callable<Integer> {
  private final Session session;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin VerifyWithOption origin = new VerifyWithOption();
  @Mixin JobsOption jobs = new JobsOption();

  @Parameters(paramLabel = "ARCHIVE", description = "Directory of the archive.")
  Path archive = Path.of("");

  VerifyCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    return session.run(
        common,
        "verify",
        progress ->
            new VerifyReport(
                archive,
                session
                    .entryPoints()
                    .verify(archive, jobs.count(), origin.check(session), progress)));
  }
}
