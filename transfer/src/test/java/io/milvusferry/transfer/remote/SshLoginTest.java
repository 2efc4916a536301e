package io.milvusferry.transfer.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.testkit.TestSftpServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SshLoginTest {
  @TempDir Path dir;

  private TestSftpServer server;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(dir.resolve("files"));
    server = TestSftpServer.start(dir);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private FerryException failure(String uri, SshSettings settings) {
    try (RemoteStore store =
        new RetryingRemoteStore(
            new SftpRemoteStore(SftpAddress.parse(uri), settings, 1, ProgressSink.NONE),
            3,
            Duration.ofMillis(1),
            ProgressSink.NONE)) {
      return org.assertj.core.api.Assertions.catchThrowableOfType(
          FerryException.class, () -> store.list(""));
    }
  }

  @Test
  void refusesAnUnknownHostBeforeAnyPassword() throws IOException {
    Path empty = Files.createFile(dir.resolve("known_hosts"));
    FerryException e = failure(server.uri("files"), SftpServerFixture.settings(empty));
    assertThat(e.code()).isEqualTo(ErrorCode.HOST_KEY_UNKNOWN);
    assertThat(e).hasMessageContaining(server.fingerprint());
    assertThat(e.hint()).contains("--accept-host-key " + server.fingerprint());
    assertThat(server.logins()).isZero();
  }

  @Test
  void refusesAChangedHostKeyBeforeAnyPassword() throws IOException {
    Path other = server.writeOtherKnownHosts(dir.resolve("known_hosts"));
    FerryException e = failure(server.uri("files"), SftpServerFixture.settings(other));
    assertThat(e.code()).isEqualTo(ErrorCode.HOST_KEY_CHANGED);
    assertThat(e).hasMessageContaining(server.fingerprint());
    assertThat(server.logins()).isZero();
  }

  @Test
  void refusesARevokedHostKeyBeforeAnyPassword() throws IOException {
    Path revoked = server.writeRevoked(dir.resolve("known_hosts"));
    FerryException e =
        failure(
            server.uri("files"),
            SftpServerFixture.settings(
                revoked, TestSftpServer.PASSWORD, Optional.of(server.fingerprint())));
    assertThat(e.code()).isEqualTo(ErrorCode.HOST_KEY_REVOKED);
    assertThat(server.logins()).isZero();
  }

  @Test
  void acceptsAKeyThatTheOperatorVouchesFor() {
    SshSettings settings =
        SftpServerFixture.settings(
            dir.resolve("none"), TestSftpServer.PASSWORD, Optional.of(server.fingerprint()));
    try (RemoteStore store =
        new SftpRemoteStore(
            SftpAddress.parse(server.uri("files")), settings, 1, ProgressSink.NONE)) {
      assertThat(store.list("")).isEmpty();
    }
  }

  @Test
  void refusesAnotherKeyThanTheOneVouchedFor() {
    SshSettings settings =
        SftpServerFixture.settings(
            dir.resolve("none"), TestSftpServer.PASSWORD, Optional.of("SHA256:" + "A".repeat(43)));
    assertThat(failure(server.uri("files"), settings).code()).isEqualTo(ErrorCode.HOST_KEY_CHANGED);
    assertThat(server.logins()).isZero();
  }

  @Test
  void doesNotRepeatAWrongPassword() throws IOException {
    Path known = server.writeKnownHosts(dir.resolve("known_hosts"));
    FerryException e =
        failure(server.uri("files"), SftpServerFixture.settings(known, "wrong", Optional.empty()));
    assertThat(e.code()).isEqualTo(ErrorCode.LOGIN_REFUSED);
    assertThat(server.logins()).isEqualTo(1);
    assertThat(e.toString() + e.hint()).doesNotContain("wrong\"");
  }

  @Test
  void saysThatNobodyListens() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    FerryException e =
        failure(
            "sftp://ferry@127.0.0.1:%d/files".formatted(port),
            SftpServerFixture.settings(dir.resolve("none")));
    assertThat(e.code()).isEqualTo(ErrorCode.REMOTE_UNREACHABLE);
    assertThat(e).hasMessageContaining("127.0.0.1:" + port);
  }

  @Test
  void saysThatThereIsNoSuchHost() {
    FerryException e =
        failure(
            "sftp://ferry@no-such-host.invalid/files",
            SftpServerFixture.settings(dir.resolve("none")));
    assertThat(e.code()).isEqualTo(ErrorCode.REMOTE_HOST_UNKNOWN);
    assertThat(e).hasMessageContaining("no-such-host.invalid");
  }

  @Test
  void namesAKeyThatCannotBeUsed() throws IOException {
    Path known = server.writeKnownHosts(dir.resolve("known_hosts"));
    Path key = Files.writeString(dir.resolve("key"), "no key at all");
    SshSettings settings =
        new SshSettings(
            List.of(key),
            Optional.empty(),
            Optional.empty(),
            file -> Optional.empty(),
            List.of(known),
            Optional.empty());
    FerryException e = failure(server.uri("files"), settings);
    assertThat(e.code()).isEqualTo(ErrorCode.SSH_KEY_UNUSABLE);
    assertThat(e).hasMessageContaining(key.toString());
  }

  @Test
  void refusesAPasswordInTheAddressWithoutRepeatingIt() {
    assertThatThrownBy(() -> SftpAddress.parse("sftp://ferry:hunter2@host/files"))
        .isInstanceOf(FerryException.class)
        .hasMessageNotContaining("hunter2");
  }
}
