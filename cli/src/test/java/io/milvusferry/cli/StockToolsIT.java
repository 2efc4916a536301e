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

/** An archive comes out of its bundle without ferry, by the words of our own documents. */
class StockToolsIT extends LiveCase {
  private static final Path DOCUMENT =
      Path.of(Live.variable("FERRY_IT_FERRY"))
          .resolveSibling("../docs/format/bundle-v1.md")
          .normalize();
  private static final Pattern PYTHON = Pattern.compile("```python\n(.+?)```", Pattern.DOTALL);

  private Path archive;
  private Path opened;

  @BeforeEach
  void makeAnArchive() throws IOException {
    archive = dir.resolve("bag");
    opened = Files.createDirectory(dir.resolve("opened"));
    assertThat(SampleBag.write(archive, SEED, 300_000, 3_000_000, 20)).isNotNull();
  }

  @Test
  void theUsualCodecIsOpenedByThePythonOfTheDocument() throws Exception {
    Matcher python = PYTHON.matcher(Files.readString(DOCUMENT));
    assertThat(python.find()).as("%s holds Python", DOCUMENT).isTrue();
    Path script = Files.writeString(dir.resolve("open.py"), python.group(1));

    open("\"$0\" \"$1\" \"$2\" | tar -x", Live.variable("FERRY_IT_PYTHON"), script, ship("blocks"));

    assertIsTheArchive();
  }

  @Test
  void plainZstdIsOpenedByZstd() throws Exception {
    open("cat \"$0\"/chunk-*[0-9] | zstd -d | tar -x", ship("zstd"));

    assertIsTheArchive();
  }

  @Test
  void whatIsNotPackedIsOpenedByTar() throws Exception {
    open("cat \"$0\"/chunk-*[0-9] | tar -x", ship("none"));

    assertIsTheArchive();
  }

  private Path ship(String codec) throws IOException {
    Path inbox = dir.resolve("inbox");
    ferry.run("ship", archive, "--to", "file:" + inbox, "--codec", codec).succeeds();
    try (Stream<Path> bundles = Files.list(inbox)) {
      return bundles.findFirst().orElseThrow();
    }
  }

  private void open(String command, Object... words) throws Exception {
    run("set -o pipefail; " + command, words);
    run("sha256sum --quiet -c tagmanifest-sha256.txt manifest-sha256.txt");
  }

  private void run(String command, Object... words) throws Exception {
    List<String> all =
        Stream.concat(Stream.of("bash", "-c", command), Stream.of(words).map(Object::toString))
            .toList();
    Process process =
        new ProcessBuilder(all).directory(opened.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as("%s%n%s", all, said).isZero();
  }

  private void assertIsTheArchive() throws IOException {
    try (Stream<Path> files = Files.walk(archive)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(opened.resolve(archive.relativize(file).toString()))
            .hasSameBinaryContentAs(file);
      }
    }
  }
}
