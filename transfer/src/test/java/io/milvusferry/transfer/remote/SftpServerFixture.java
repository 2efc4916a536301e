package io.milvusferry.transfer.remote;

import io.milvusferry.progress.ProgressSink;
import io.milvusferry.testkit.TestSftpServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Settings for the server in this process. */
public final class SftpServerFixture {
  private SftpServerFixture() {}

  /** Settings with the right password. */
  public static SshSettings settings(Path knownHosts) {
    return settings(knownHosts, TestSftpServer.PASSWORD, Optional.empty());
  }

  static SshSettings settings(Path knownHosts, String password, Optional<String> accepted) {
    return new SshSettings(
        List.of(),
        Optional.empty(),
        Optional.of(password::toCharArray),
        file -> Optional.empty(),
        List.of(knownHosts),
        accepted);
  }

  static RemoteStore store(TestSftpServer server, SshSettings settings) throws IOException {
    return new SftpRemoteStore(
        SftpAddress.parse(server.uri("files")), settings, 3, ProgressSink.NONE);
  }
}
