package io.milvusferry.transfer.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.digest.Digest;
import io.milvusferry.testkit.TestSftpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SftpRemoteStoreTest extends RemoteStoreContract {
  @TempDir Path dir;

  private TestSftpServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestSftpServer.start(dir, hasExtensions());
  }

  @Override
  RemoteStore open() throws IOException {
    Files.createDirectories(dir.resolve("files"));
    Path knownHosts = server.writeKnownHosts(dir.resolve("known_hosts"));
    return SftpServerFixture.store(server, SftpServerFixture.settings(knownHosts));
  }

  boolean hasExtensions() {
    return true;
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void tellsTheDigestThatTheServerComputes() throws IOException {
    byte[] content = "some text, and more".getBytes(StandardCharsets.UTF_8);
    try (RemoteStore again = open()) {
      again.write("a", 0, ByteSource.of(content), offset -> {});
      assertThat(again.digest("a", content.length)).contains(Digest.ofContent(content));
    }
  }

  @Test
  void saysWhatTheServerCannotDo() throws IOException {
    try (RemoteStore again = open()) {
      assertThat(again.weaknesses().stream().anyMatch(said -> said.contains("posix-rename")))
          .isEqualTo(!hasExtensions());
    }
  }
}
