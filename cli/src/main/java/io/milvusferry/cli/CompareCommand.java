package io.milvusferry.cli;

import io.milvusferry.cli.output.Report;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.importer.Declarations;
import io.milvusferry.manifest.Archive;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.verify.ComparisonSettings;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ferry compare}. */
@Command(
    name = "compare",
    description =
        "Compare an archive or server with another, row by row; names every difference, and ends"
            + " with 4 if there is one.")
final class CompareCommand implements Callable<Integer> {
  private static final int USUAL_FINDINGS = 1000;

  private final Session session;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin SelectionOptions selection = new SelectionOptions();
  @Mixin JobsOption jobs = new JobsOption();
  @Mixin VerifyWithOption origin = new VerifyWithOption();

  @Option(
      names = "--read-limit",
      paramLabel = "SIZE",
      description = "Read at most so many bytes a second from each server, such as 50M.")
  @Nullable Rate readLimit;

  @Option(
      names = "--max-findings",
      paramLabel = "N",
      defaultValue = "" + USUAL_FINDINGS,
      description =
          "List at most so many rows of a collection, and keep the rest in a file; default:"
              + " ${DEFAULT-VALUE}.")
  PositiveNumber maxFindings = new PositiveNumber(USUAL_FINDINGS);

  @Parameters(
      index = "0",
      paramLabel = "LEFT",
      description = "What is expected: an archive, the address of a server, or a profile.")
  String left = "";

  @Parameters(
      index = "1",
      paramLabel = "RIGHT",
      description = "What is compared with it: an archive, the address of a server, or a profile.")
  String right = "";

  CompareCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    NameFilter filter = selection.filter();
    ComparisonSettings settings =
        new ComparisonSettings(
            jobs.count(), maxFindings.value(), Set.of(), session.entryPoints().rereadDelay());
    return session.run(common, "compare", progress -> report(filter, settings, progress));
  }

  private Report report(NameFilter filter, ComparisonSettings settings, ProgressSink progress) {
    requireArchive();
    try (CompareSide expected = side(left, progress);
        CompareSide actual = side(right, progress);
        FindingsFile rest = new FindingsFile(restOfFindings())) {
      return new CompareStep(filter, settings, rest, progress).run(expected, actual);
    }
  }

  private Path restOfFindings() {
    String time = session.surroundings().clock().instant().toString().replaceAll("[-:]", "");
    return session
        .surroundings()
        .stateDirectory()
        .resolve("findings")
        .resolve("compare-" + time + ".jsonl");
  }

  private void requireArchive() {
    Servers servers = new Servers(session, common);
    if (origin.verifyWith != null && servers.names(left) && servers.names(right)) {
      throw new FerryException(
          ErrorCode.USAGE,
          "%s and %s are servers, which bear no signature".formatted(left, right),
          "Leave --verify-with out, or compare an archive.",
          null);
    }
  }

  private CompareSide side(String word, ProgressSink progress) {
    Servers servers = new Servers(session, common);
    return servers.names(word)
        ? new CompareSide.OfServer(
            servers.source(word),
            Rate.throttle(readLimit),
            Declarations.of(session.surroundings().stateDirectory(), servers.targetId(word)))
        : new CompareSide.OfArchive(archive(Path.of(word), progress));
  }

  /** Fingerprints of the manifest are compared: where a signature is demanded, all is verified. */
  private Archive archive(Path root, ProgressSink progress) {
    if (origin.verifyWith != null) {
      session
          .entryPoints()
          .verify(root, jobs.count(), origin.check(session), progress)
          .requireValid(
              root,
              "nothing was compared",
              "Run ferry verify to see everything that is wrong, and fetch the archive again.");
    }
    return session.entryPoints().open(root);
  }
}
