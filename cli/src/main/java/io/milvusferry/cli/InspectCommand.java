package io.milvusferry.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ferry inspect}. */
@Command(name = "inspect", description = "Print what is inside an archive; offline.")
final class InspectCommand implements Callable<Integer> {
  private final Session session;

  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "ARCHIVE", description = "Directory of the archive.")
  Path archive = Path.of("");

  InspectCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    return session.run(
        common,
        "inspect",
        progress -> new InspectReport(archive, session.entryPoints().open(archive)));
  }
}
