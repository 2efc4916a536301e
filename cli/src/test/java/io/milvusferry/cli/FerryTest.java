package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.Archive;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.signature.Origin;
import io.milvusferry.signature.OriginCheck;
import io.milvusferry.testkit.OpenSshKey;
import io.milvusferry.verify.FileFinding;
import io.milvusferry.verify.VerificationReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FerryTest {
  @TempDir Path dir;

  /** An entry point that fails in a given way. */
  private record Failing(Throwable failure) implements EntryPoints {
    @Override
    public Archive open(Path archive) {
      throw sneaky(failure);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable failure) throws T {
      throw (T) failure;
    }
  }

  private CommandRun ferry(String... args) {
    return CommandRun.of(dir, Map.of(), EntryPoints.REAL, args);
  }

  @Nested
  class Help {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "export", "inspect", "verify", "ship", "receive", "import", "compare", "send", "restore",
          "plan", "config"
        })
    void explainsEveryCommand(String command) {
      CommandRun run = ferry(command, "--help");

      assertThat(run.status()).isZero();
      assertThat(run.out()).startsWith("Usage: ferry " + command);
      assertThat(run.err()).isEmpty();
      assertThat(ferry("help", command).out()).isEqualTo(run.out());
      assertThat(ferry("--help").out()).contains("  " + command);
    }

    @Test
    void explainsACommandOfTwoWords() {
      assertThat(ferry("help", "live", "start").out())
          .startsWith("Usage: ferry live start")
          .isEqualTo(ferry("live", "start", "--help").out());
      assertThat(ferry("help", "live", "strat").err())
          .contains("there is no help about 'strat'")
          .contains("Did you mean start?");
    }

    @Test
    void listsTheExitStatuses() {
      assertThat(ferry("help", "exit-codes").out()).isEqualTo(ExitStatus.table());
    }

    @Test
    void tellsTheVersion() {
      assertThat(ferry("--version").out())
          .isEqualTo(ProductVersion.current() + System.lineSeparator());
    }
  }

  @Nested
  class WordsThatMakeNoSense {
    @Test
    void endWithStatusTwoAndASuggestion() {
      CommandRun run = ferry("export", "--form", "http://127.0.0.1:1", "--to", "x");

      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err()).contains("error CFG-001: ").contains("Did you mean --from?");
      assertThat(run.out()).isEmpty();
    }

    @Test
    void suggestACommand() {
      assertThat(ferry("verfy", "x").err()).contains("Did you mean verify?");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "compare onlyone",
          "export --from http://127.0.0.1:1",
          "export --from nowhere --to x",
          "export --from http://h --to x --read-limit fast",
          "export --from http://h --to x --only a.",
          "import x --into http://h --on-existing destroy",
          "import x --into http://h --staging DIR=relative",
          "import x --into http://h/shop",
          "export --from http://h --to x --read-limit 0",
          "compare http://h http://i --read-limit 0",
          "ship x --to sftp://h --connections 0",
          "ship x --to sftp://h --bwlimit 0",
          "ship x --to sftp://h --then ",
          "ship x --to sftp://h --then= ",
          "receive sftp://h --to x --bwlimit 0M",
          "verify x --jobs none",
          "verify x --password secret"
        })
    void endWithStatusTwo(String words) {
      CommandRun run = ferry(words.split(" ", -1));

      assertThat(run.status()).as(run.err()).isEqualTo(2);
      assertThat(run.err().lines().toList()).hasSize(2);
      assertThat(run.err()).startsWith("error CFG-001: ").contains("\nhint: ");
    }

    @Test
    void areToldInJsonToo() {
      CommandRun run = ferry("verify", "--json", "--jsn", "x");

      assertThat(run.result().get("exit").getAsInt()).isEqualTo(2);
      assertThat(run.json().get(0).get("code").getAsString()).isEqualTo("CFG-001");
    }
  }

  @Nested
  class Failures {
    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void endWithTheStatusOfTheirCategory(ErrorCode code) {
      FerryException failure =
          new FerryException(code, "it failed with 7", "Do something.", new IOException("inner"));

      CommandRun run = CommandRun.of(dir, Map.of(), new Failing(failure), "inspect", "x", "--json");

      assertThat(run.status()).isEqualTo(ExitStatus.of(code.category()).number());
      assertThat(run.err())
          .isEqualTo("error %s: it failed with 7\nhint: Do something.\n".formatted(code.code()));
      List<String> types = run.json().stream().map(line -> line.get("type").getAsString()).toList();
      assertThat(types).containsExactly("start", "error", "result");
      assertThat(run.json().get(1).get("retryable").getAsBoolean()).isEqualTo(code.retryable());
      assertThat(run.result().get("ok").getAsBoolean()).isFalse();
      assertThat(run.result().get("exit").getAsInt()).isEqualTo(run.status());
    }

    @Test
    void ofAKeyThatSignsTellFirstThatItIsNoPrivateKey() throws IOException {
      OpenSshKey key = OpenSshKey.write(dir.resolve("key"), 5);
      Path half = Files.writeString(dir.resolve("key.pub"), key.publicKey() + "\n");
      for (Path file : List.of(half, key.file())) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      }
      String to = "file:" + dir.resolve("inbox");

      assertThat(ferry("ship", "x", "--to", to, "--sign", half.toString()).err())
          .contains("SIG-005")
          .contains("no private key");
      assertThat(ferry("ship", "x", "--to", to, "--sign", key.file().toString()).err())
          .contains("can be read by others")
          .doesNotContain("sign       key");
    }

    @Test
    void thatNobodyExpectedAreBugs() {
      CommandRun run =
          CommandRun.of(
              dir, Map.of(), new Failing(new IllegalStateException("odd")), "inspect", "x");

      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains("GEN-001").contains("odd").doesNotContain("\tat ");
    }

    @Test
    void showTheirStackTraceOnlyWhenAsked() {
      CommandRun run =
          CommandRun.of(
              dir,
              Map.of(),
              new Failing(new IllegalStateException("odd")),
              "inspect",
              "x",
              "--stacktrace");

      assertThat(run.err()).contains("\tat io.milvusferry");
      assertThat(run.err().lines().reduce("", (a, b) -> b)).startsWith("hint: ");
    }

    @Test
    void ofMemoryNeverLookPartial() {
      CommandRun run =
          CommandRun.of(
              dir,
              Map.of(),
              new Failing(new IllegalStateException(new OutOfMemoryError("heap"))),
              "inspect",
              "x");

      assertThat(run.status()).isEqualTo(12);
      assertThat(run.err()).contains("GEN-009");
    }

    @Test
    void ofAVerificationNameEachFile() {
      EntryPoints damaged =
          new EntryPoints() {
            @Override
            public VerificationReport verify(
                Path archive, int jobs, OriginCheck origin, ProgressSink progress) {
              return new VerificationReport(
                  Digest.ofContent("seal".getBytes(StandardCharsets.UTF_8)),
                  3,
                  4000,
                  new Origin.Unsigned(),
                  List.of(
                      new FileFinding(FileFinding.Kind.MISSING, "data/a.parquet", "aa", ""),
                      new FileFinding(FileFinding.Kind.EXTRA, "data/b.parquet", "", "9 bytes")));
            }
          };

      CommandRun run = CommandRun.of(dir, Map.of(), damaged, "verify", "x", "--json");

      assertThat(run.status()).isEqualTo(6);
      assertThat(
              run.json().stream()
                  .filter(line -> line.get("type").getAsString().equals("finding"))
                  .map(
                      line -> line.get("kind").getAsString() + " " + line.get("path").getAsString())
                  .toList())
          .containsExactly("missing data/a.parquet", "extra data/b.parquet");
      assertThat(run.result().get("valid").getAsBoolean()).isFalse();
      assertThat(CommandRun.of(dir, Map.of(), damaged, "verify", "x").out())
          .contains("data/a.parquet is missing");
    }
  }

  @Nested
  class AStop {
    @Test
    void endsWithTheStatusOfTheSignal() {
      Interruption interruption = new Interruption(new Thread(() -> {}));
      interruption.receive(2);

      assertThat(interruption.status()).contains(ExitStatus.STOPPED_BY_SIGINT);
    }

    @Test
    void interruptsTheWork() {
      Thread.interrupted();
      new Interruption(Thread.currentThread()).receive(15);

      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void everyStatusIsUnique() {
    Set<Integer> numbers =
        Arrays.stream(ExitStatus.values()).map(ExitStatus::number).collect(Collectors.toSet());

    assertThat(numbers).hasSize(ExitStatus.values().length);
  }

  @Test
  void aMissingArchiveIsNotFound() throws IOException {
    Files.createDirectories(dir.resolve("empty"));

    assertThat(ferry("inspect", dir.resolve("none").toString()).status()).isEqualTo(10);
    assertThat(ferry("verify", dir.resolve("empty").toString()).status()).isEqualTo(10);
  }
}
