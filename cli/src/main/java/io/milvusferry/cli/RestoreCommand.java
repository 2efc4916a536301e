package io.milvusferry.cli;

import io.milvusferry.cli.output.Report;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.progress.ProgressSink;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ferry restore}. */
@Command(
    name = "restore",
    description =
        "Receive a bundle, import the archive and compare; run it again to resume. What was"
            + " received is removed here once every row of every collection is proven there.")
final class RestoreCommand implements Callable<Integer> {
  private final Session session;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin SelectionOptions selection = new SelectionOptions();
  @Mixin IntoOption into = new IntoOption();
  @Mixin ImportOptions options = new ImportOptions();
  @Mixin PublishOption publish = new PublishOption();
  @Mixin VerifyWithOption origin = new VerifyWithOption();
  @Mixin DecryptWithOption decryption = new DecryptWithOption();
  @Mixin SshOptions ssh = new SshOptions();

  @Parameters(
      paramLabel = "BUNDLE|ARCHIVE",
      description = "A bundle (directory, file:/dir or sftp://…), or the directory of an archive.")
  String bundle = "";

  RestoreCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    NameFilter filter = selection.filter();
    return session.run(common, "restore", progress -> restore(filter, progress));
  }

  private Report restore(NameFilter filter, ProgressSink progress) {
    if (isArchive() && decryption.decryptWith != null) {
      throw new FerryException(
          ErrorCode.USAGE,
          "%s is an archive, and no archive is encrypted".formatted(bundle),
          "Leave --decrypt-with out, or name a bundle.",
          null);
    }
    Workspace workspace =
        isArchive()
            ? new Workspace(Path.of(bundle))
            : Workspace.of(session.surroundings().stateDirectory(), "restore", words());
    Path archive = workspace.directory();
    ImportStep load =
        new ImportStep(session, common, archive, into.server, filter, options, publish.way, origin);
    return isArchive()
        ? load.report(progress)
        : Journey.restore(
            workspace,
            new ReceiveStep(session, common, List.of(bundle), archive, ssh, origin, decryption),
            load,
            progress);
  }

  /** What was received without a demand for signatures is not used where there is one. */
  private List<String> words() {
    return origin.verifyWith == null
        ? List.of(bundle, into.server)
        : List.of(bundle, into.server, "signed");
  }

  private boolean isArchive() {
    return !bundle.contains(":") && new Workspace(Path.of(bundle)).sealed();
  }
}
