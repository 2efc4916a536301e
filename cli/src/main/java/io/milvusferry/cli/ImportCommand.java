package io.milvusferry.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ferry import}. */
@Command(
    name = "import",
    description =
        "Import an archive into a server and compare; run it again to continue, never twice.")
final class ImportCommand implements Callable<Integer> {
  private final Session session;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin SelectionOptions selection = new SelectionOptions();
  @Mixin IntoOption into = new IntoOption();
  @Mixin ImportOptions options = new ImportOptions();
  @Mixin PublishOption publish = new PublishOption();
  @Mixin VerifyWithOption origin = new VerifyWithOption();

  @Parameters(paramLabel = "ARCHIVE", description = "Directory of the archive.")
  Path archive = Path.of("");

  ImportCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    ImportStep step =
        new ImportStep(
            session,
            common,
            archive,
            into.server,
            selection.filter(),
            options,
            publish.way,
            origin);
    return session.run(common, "import", step::report);
  }
}
