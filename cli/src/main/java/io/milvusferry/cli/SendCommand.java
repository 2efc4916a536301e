package io.milvusferry.cli;

import io.milvusferry.cli.output.Report;
import io.milvusferry.exporter.Reader;
import io.milvusferry.manifest.Excerpt;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.progress.ProgressSink;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ferry send}. */
@Command(
    name = "send",
    description =
        "Export collections and ship what is finished while the rest is read; run it again to"
            + " resume. The archive stays in the state directory until the next send of the same.")
final class SendCommand implements Callable<Integer> {
  private final Session session;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin SelectionOptions selection = new SelectionOptions();
  @Mixin ExcerptOptions excerpt = new ExcerptOptions();
  @Mixin ReadOptions reading = new ReadOptions();
  @Mixin ReaderOption reader = new ReaderOption();
  @Mixin SigningOptions signing = new SigningOptions();
  @Mixin EncryptToOption encryption = new EncryptToOption();
  @Mixin JobsOption jobs = new JobsOption();
  @Mixin SshOptions ssh = new SshOptions();
  @Mixin CodecOption codec = new CodecOption();
  @Mixin DeliveryOptions delivery = new DeliveryOptions();

  @Option(
      names = "--from",
      required = true,
      paramLabel = "SRC",
      description = "The server: http://host:19530[/database], https://…, or a profile.")
  String from = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DEST",
      description = "Where to: sftp://user@host[:port]/path or file:/dir.")
  String to = "";

  SendCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    NameFilter filter = selection.filter();
    Excerpt part = excerpt.excerpt();
    return session.run(common, "send", progress -> send(filter, part, progress));
  }

  private Report send(NameFilter filter, Excerpt part, ProgressSink progress) {
    Workspace workspace = workspace(part);
    Path archive = workspace.directory();
    ExportStep export =
        new ExportStep(
            session, common, from, archive, filter, part, reading, reader, signing, jobs.count());
    ShipStep ship =
        new ShipStep(
            session, common, archive, to, ssh, codec, delivery, signing, encryption, List.of());
    return Journey.send(workspace, export, ship, progress);
  }

  private Workspace workspace(Excerpt part) {
    List<String> words = new ArrayList<>(List.of(from, to, "only"));
    words.addAll(selection.only);
    words.add("skip");
    words.addAll(selection.skip);
    words.add(part.toString());
    if (reader.choice != Reader.Choice.AUTO) {
      words.add(reader.choice.name());
    }
    return Workspace.of(session.surroundings().stateDirectory(), "send", words);
  }
}
