package io.milvusferry.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ferry export}. */
@Command(
    name = "export",
    description = "Export collections of a server into a sealed archive; run it again to resume.")
final class ExportCommand implements Callable<Integer> {
  private final Session session;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin SelectionOptions selection = new SelectionOptions();
  @Mixin ExcerptOptions excerpt = new ExcerptOptions();
  @Mixin ReadOptions reading = new ReadOptions();
  @Mixin ReaderOption reader = new ReaderOption();
  @Mixin SigningOptions signing = new SigningOptions();
  @Mixin JobsOption jobs = new JobsOption();

  @Option(
      names = "--from",
      required = true,
      paramLabel = "SRC",
      description = "The server: http://host:19530[/database], https://…, or a profile.")
  String from = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR",
      description = "The directory that becomes the archive; new, empty, or left unfinished.")
  Path to = Path.of("");

  ExportCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    ExportStep step =
        new ExportStep(
            session,
            common,
            from,
            to,
            selection.filter(),
            excerpt.excerpt(),
            reading,
            reader,
            signing,
            jobs.count());
    return session.run(common, "export", step::report);
  }
}
