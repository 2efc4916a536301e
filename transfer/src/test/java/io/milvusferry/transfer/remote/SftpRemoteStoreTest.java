package io.milvusferry.transfer.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.testkit.TestSftpServer;
import java.io.IOException;
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
  void saysWhatTheServerCannotDo() throws IOException {
    try (RemoteStore again = open()) {
      assertThat(again.weaknesses().stream().anyMatch(said -> said.contains("posix-rename")))
          .isEqualTo(!hasExtensions());
    }
  }
}
