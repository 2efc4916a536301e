package io.milvusferry.migration.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A script stands in for Nginx: it notes its words, and refuses while a certain file is there. */
class NginxSplitterTest {
  private static final NginxAddresses ADDRESSES =
      new NginxAddresses("127.0.0.1:1000", "127.0.0.1:2000", "127.0.0.1:3000");

  @TempDir Path dir;
  private Path include = Path.of("");
  private Path script = Path.of("");

  @BeforeEach
  void anNginx() throws IOException {
    include = dir.resolve("ferry.conf");
    script = dir.resolve("nginx");
    Files.writeString(
        script,
        """
        #!/bin/sh
        echo "$*" >> %1$s/words
        if [ -e %1$s/broken ] && [ "$1" = -t ]; then
          echo 'unknown directive "upsteam" in site.conf:3'
          exit 1
        fi
        """
            .formatted(dir));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }

  private NginxSplitter splitter() {
    return new NginxSplitter(
        new NginxSettings(include, dir.resolve("access.log"), List.of(script.toString())),
        ADDRESSES,
        new NginxServer(List.of(script.toString())),
        new SteppedPace());
  }

  private void assertRefused(String words) {
    assertThatThrownBy(() -> splitter().weigh(List.of(), 50))
        .isInstanceOf(FerryException.class)
        .hasMessageContaining(words)
        .extracting(e -> ((FerryException) e).code())
        .isEqualTo(ErrorCode.NGINX_REFUSED);
  }

  @Test
  void writesWeightsHasThemCheckedAndThenRead() throws IOException {
    splitter().weigh(List.of(), 10);

    assertThat(Files.readString(include))
        .startsWith(NginxInclude.HEADER)
        .contains("server 127.0.0.1:1000 weight=90;", "server 127.0.0.1:2000 weight=10;")
        .contains("upstream ferry_writes {\n  server 127.0.0.1:3000;");
    assertThat(Files.readAllLines(dir.resolve("words"))).containsExactly("-t", "-s reload");
  }

  @Test
  void takesAServerWithoutReadsDown() throws IOException {
    splitter().weigh(List.of(), 0);
    assertThat(Files.readString(include))
        .contains("server 127.0.0.1:1000 weight=100;", "server 127.0.0.1:2000 down;");

    splitter().weigh(List.of(), 100);
    assertThat(Files.readString(include))
        .contains("server 127.0.0.1:1000 down;", "server 127.0.0.1:2000 weight=100;");
  }

  @Test
  void sendsWritesToTheTargetOnceTheSourceIsLeftBehind() throws IOException {
    splitter().retire();

    assertThat(Files.readString(include))
        .contains("upstream ferry_writes {\n  server 127.0.0.1:2000;");
  }

  @Test
  void keepsTheFileBefore() throws IOException {
    splitter().weigh(List.of(), 10);
    String before = Files.readString(include);

    splitter().weigh(List.of(), 50);

    assertThat(dir.resolve("ferry.conf.previous")).hasContent(before);
  }

  @Test
  void putsTheOldFileBackWhenNginxRefuses() throws IOException {
    splitter().weigh(List.of(), 10);
    String before = Files.readString(include);
    Files.createFile(dir.resolve("broken"));

    assertRefused("unknown directive \"upsteam\" in site.conf:3");

    assertThat(include).hasContent(before);
    assertThat(Files.readAllLines(dir.resolve("words"))).containsExactly("-t", "-s reload", "-t");
  }

  @Test
  void leavesNoFileBehindWhenNginxRefusesTheFirst() throws IOException {
    Files.createFile(dir.resolve("broken"));

    assertRefused("site.conf:3");

    assertThat(include).doesNotExist();
  }

  @Test
  void neverWritesIntoAFileOfOthers() throws IOException {
    Files.writeString(include, "upstream mine { server 127.0.0.1:9; }\n");

    assertRefused("is not ferry's");

    assertThat(include).hasContent("upstream mine { server 127.0.0.1:9; }\n");
    assertThat(dir.resolve("words")).doesNotExist();
  }

  @Test
  void saysThatNginxCannotBeRun() throws IOException {
    Files.delete(script);

    assertRefused("cannot be run");
  }

  @Test
  void remembersFromWhereToCount() {
    NginxInclude written = new NginxInclude(ADDRESSES, 10, 1234, 5678, false);

    assertThat(NginxInclude.mark(written.text())).isEqualTo(new NginxInclude.Mark(1234, 5678));
  }
}
