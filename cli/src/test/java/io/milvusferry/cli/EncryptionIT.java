package io.milvusferry.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.testkit.SampleBag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What ferry encrypts over OpenSSH is opened by {@code age}, by the words of our own documents. */
class EncryptionIT extends LiveCase {
  private static final Path DOCUMENT =
      Path.of(Live.variable("FERRY_IT_FERRY"))
          .resolveSibling("../docs/format/bundle-v1.md")
          .normalize();
  private static final Pattern SHELL =
      Pattern.compile("## Encryption.+?```sh\n(.+?)```", Pattern.DOTALL);

  private Path archive;
  private Path opened;
  private Path anna;
  private Path bert;

  @BeforeEach
  void makeAnArchiveAndKeys() throws Exception {
    archive = dir.resolve("bag");
    opened = Files.createDirectory(dir.resolve("opened"));
    assertThat(SampleBag.write(archive, SEED, 300_000, 3_000_000, 20)).isNotNull();
    anna = dir.resolve("anna");
    bert = dir.resolve("bert");
    sh("age-keygen -o %s && age-keygen -o %s".formatted(anna, bert));
  }

  private String sh(String script) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", script);
    builder.environment().put("IDENTITY", anna.toString());
    builder.environment().put("BUNDLE", inbox().toString());
    Process process = builder.directory(opened.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as("%s%n%s", script, said).isZero();
    return said;
  }

  private String recipient(Path identity) throws Exception {
    return sh("age-keygen -y " + identity).strip();
  }

  private Object[] ship(Object... further) {
    List<Object> words = List.of("ship", archive, "--to", Live.sftp(inbox()));
    return overSsh(Stream.concat(words.stream(), Stream.of(further)).toArray());
  }

  private Object[] receive(String bundle, String to, Object... further) {
    List<Object> words = List.of("receive", bundle, "--to", dir.resolve(to));
    return overSsh(Stream.concat(words.stream(), Stream.of(further)).toArray());
  }

  private List<Path> secrets() throws IOException {
    try (Stream<Path> files = Files.walk(ferry.state())) {
      return files.filter(file -> file.toString().contains(".secret")).toList();
    }
  }

  @Test
  void stockToolsOpenEveryChunkAndTheIndex() throws Exception {
    FerryRun shipped =
        ferry.run(ship("--codec", "zstd", "--encrypt-to", recipient(anna))).succeeds();
    assertThat(shipped.result().get("encrypted").getAsBoolean()).isTrue();
    assertThat(secrets()).isEmpty();

    Matcher shell = SHELL.matcher(Files.readString(DOCUMENT));
    assertThat(shell.find()).as("%s holds the commands", DOCUMENT).isTrue();
    String index = sh("BUNDLE=$(echo \"$BUNDLE\"/*)\n" + shell.group(1));

    assertThat(index).contains("\"archiveId\": \"%s\"".formatted(shipped.value("archiveId")));
    sh("sha256sum --quiet -c tagmanifest-sha256.txt manifest-sha256.txt");
    try (Stream<Path> files = Files.walk(archive)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(opened.resolve(archive.relativize(file).toString()))
            .hasSameBinaryContentAs(file);
      }
    }
  }

  @Test
  void everyRecipientReceivesWhatAKilledSenderCompletes() throws Exception {
    Path recipients =
        Files.writeString(
            dir.resolve("recipients"),
            "# ours\n%s\n%s\n".formatted(recipient(anna), recipient(bert)));
    Object[] words = ship("--encrypt-to", recipients, "--bwlimit", "1M", "--connections", "1");
    FerryProcess process = ferry.start(words);
    process.when("a chunk is there", () -> arrived("chunk-00000") && !arrived("bundle.json"));
    assertThat(process.kill()).isTrue();
    assertThat(secrets()).hasSize(1);

    FerryRun shipped = ferry.run(words).succeeds();

    assertThat(secrets()).isEmpty();
    assertThat(shipped.result().get("bytesSent").getAsLong())
        .isLessThan(shipped.result().get("wireBytes").getAsLong());
    String bundle = shipped.value("bundle");
    ferry.run(receive(bundle, "forAnna", "--decrypt-with", anna)).succeeds();
    ferry.run(receive(bundle, "forBert", "--decrypt-with", bert)).succeeds();
    ferry.run("verify", dir.resolve("forBert")).succeeds();
    assertThat(ferry.run(words).succeeds().value("bytesSent")).isEqualTo("0");
  }

  /** Whether a file of the bundle has its name on the server. */
  private boolean arrived(String name) {
    try (Stream<Path> files = Files.walk(inbox())) {
      return files.anyMatch(file -> file.endsWith(name));
    } catch (IOException | java.io.UncheckedIOException e) {
      return false; // not made yet, or changed while it was walked
    }
  }

  @Test
  void withoutTheRightKeyNothingIsReceived() throws Exception {
    String bundle = ferry.run(ship("--encrypt-to", recipient(anna))).succeeds().value("bundle");

    assertThat(ferry.run(receive(bundle, "arrived")).fails(2, "RCV-011").hint())
        .contains("--decrypt-with");
    assertThat(
            ferry.run(receive(bundle, "arrived", "--decrypt-with", bert)).fails(7, "RCV-013").err())
        .doesNotContain("AGE-SECRET-KEY");
    sh("chmod 644 " + bert);
    ferry.run(receive(bundle, "arrived", "--decrypt-with", bert)).fails(7, "CFG-003");
    assertThat(dir.resolve("arrived")).doesNotExist();
    ferry.run(receive(bundle, "arrived", "--decrypt-with", anna)).succeeds();

    ferry.run(ship("--encrypt-to", "age1nobody")).fails(2, "SHIP-021");
    assertThat(ferry.run(ship("--encrypt-to", anna)).fails(2, "SHIP-021").err())
        .doesNotContain("AGE-SECRET-KEY");
    ferry.run(ship()).fails(9, "SHIP-013");
    String open =
        ferry
            .run("ship", archive, "--to", "file:" + dir.resolve("disk"))
            .succeeds()
            .value("bundle");
    ferry.run(receive(open, "other", "--decrypt-with", anna)).fails(2, "RCV-012");
  }
}
