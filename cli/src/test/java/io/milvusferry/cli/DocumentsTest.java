package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DocumentsTest {
  private static final Path DOCS = Path.of("..", "docs");

  @TempDir Path dir;

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void errorsHasALineForEachCode(ErrorCode code) throws IOException {
    String start = "| `%s` | %d | ".formatted(code.code(), ExitStatus.of(code.category()).number());

    List<String> lines =
        Files.readAllLines(DOCS.resolve("errors.md")).stream()
            .filter(line -> line.contains("`" + code.code() + "`"))
            .filter(line -> line.startsWith("| `"))
            .toList();

    assertThat(lines).hasSize(1);
    assertThat(lines.get(0)).startsWith(start);
    assertThat(lines.get(0).substring(start.length())).matches("[^|]{10,} \\| [^|]{10,} \\|");
  }

  @ParameterizedTest
  @EnumSource(ExitStatus.class)
  void exitStatusHasALineForEachStatus(ExitStatus status) throws IOException {
    assertThat(Files.readAllLines(DOCS.resolve("exit-status.md")))
        .contains("| %d | %s |".formatted(status.number(), status.meaning()));
  }

  @Test
  void cliIsWhatTheHelpSays() throws IOException {
    String expected = reference();
    Path written = Path.of("target", "docs", "cli.md");
    Files.createDirectories(written.getParent());
    Files.writeString(written, expected);

    assertThat(DOCS.resolve("cli.md"))
        .as("copy cli/target/docs/cli.md to docs/cli.md")
        .hasContent(expected);
  }

  private String reference() {
    StringBuilder text =
        new StringBuilder(
            """
            # Command reference

            What `ferry help` prints, command by command; a test keeps this page current. Options that are not on the command
            line come from the environment (`--known-hosts` is `FERRY_KNOWN_HOSTS`), from the profile in use, or from the top
            of the configuration file (`knownHosts`), in this order. Files are `./ferry.yaml`, else
            `$XDG_CONFIG_HOME/ferry/config.yaml`; `ferry config show` prints where each value comes from.

            """);
    append(text, "ferry", "help");
    for (String command :
        List.of(
            "export", "inspect", "verify", "ship", "receive", "import", "compare", "send",
            "restore", "migrate", "gateway", "live", "plan", "config", "help")) {
      append(text, "ferry " + command, command, "--help");
    }
    append(text, "ferry plan import", "plan", "import", "--help");
    for (String step : List.of("start", "status", "cutover", "rollback", "finish")) {
      append(text, "ferry live " + step, "live", step, "--help");
    }
    return text.toString();
  }

  private void append(StringBuilder text, String title, String... args) {
    CommandRun run = CommandRun.of(dir, Map.of(), EntryPoints.REAL, args);
    assertThat(run.status()).isZero();
    text.append("## ").append(title).append("\n\n```text\n").append(run.out().strip());
    text.append("\n```\n\n");
  }
}
