package io.milvusferry.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ferry ship}. */
@Command(
    name = "ship",
    description =
        "Ship an archive as a bundle, over SFTP or to a directory; run it again to resume.")
final class ShipCommand implements Callable<Integer> {
  private final Session session;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin SshOptions ssh = new SshOptions();
  @Mixin CodecOption codec = new CodecOption();
  @Mixin DeliveryOptions delivery = new DeliveryOptions();
  @Mixin SigningOptions signing = new SigningOptions();
  @Mixin EncryptToOption encryption = new EncryptToOption();

  @Option(
      names = "--again",
      split = ",",
      paramLabel = "N",
      description = "Send these chunks again, such as 7,12: those that the receiver rejected.")
  List<Integer> again = new ArrayList<>();

  @Parameters(paramLabel = "ARCHIVE", description = "Directory of the archive.")
  Path archive = Path.of("");

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DEST",
      description = "Where to: sftp://user@host[:port]/path or file:/dir.")
  String to = "";

  ShipCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    ShipStep step =
        new ShipStep(
            session, common, archive, to, ssh, codec, delivery, signing, encryption, again);
    return session.run(
        common,
        "ship",
        progress -> {
          step.requireCommands();
          return step.report(progress);
        });
  }
}
