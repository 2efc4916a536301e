package io.milvusferry.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ferry receive}. */
@Command(
    name = "receive",
    description = "Receive a bundle as a verified archive; run it again to resume.")
final class ReceiveCommand implements Callable<Integer> {
  private final Session session;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin SshOptions ssh = new SshOptions();
  @Mixin VerifyWithOption origin = new VerifyWithOption();
  @Mixin DecryptWithOption decryption = new DecryptWithOption();

  @Parameters(
      paramLabel = "BUNDLE",
      arity = "1..*",
      description =
          "The bundle: a directory, file:/dir, or sftp://user@host[:port]/path; or directories with"
              + " some of its volumes, the others in later runs.")
  List<String> bundle = List.of();

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR",
      description = "The directory that becomes the archive; new, empty, or left unfinished.")
  Path to = Path.of("");

  ReceiveCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    ReceiveStep step = new ReceiveStep(session, common, bundle, to, ssh, origin, decryption);
    return session.run(common, "receive", step::report);
  }
}
