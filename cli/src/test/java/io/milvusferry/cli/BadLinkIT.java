package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.digest.Digest;
import io.milvusferry.testkit.SampleBag;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real SFTP server behind links that break, go silent, or are very far or slow. */
class BadLinkIT extends LiveCase {
  private static final long MIB = 1 << 20;

  /** Keep-alives find a dead connection within so long; the rest is work. */
  private static final Duration MINUTE_AND_WORK = Duration.ofSeconds(100);

  private Relay relay;
  private Path knownHosts;
  private Path archive;
  private Digest id = Digest.ofContent(new byte[0]);

  @BeforeEach
  void start() throws IOException {
    int port = URI.create(Live.sftp(inbox())).getPort();
    relay = Relay.to(port);
    knownHosts =
        Files.writeString(
            dir.resolve("known_hosts"),
            Files.readString(Live.knownHosts()).replace(":" + port, ":" + relay.port()));
    archive = dir.resolve("bag");
  }

  @AfterEach
  void stop() {
    relay.close();
  }

  private String uri() {
    URI server = URI.create(Live.sftp(inbox()));
    return "sftp://%s@127.0.0.1:%d%s".formatted(server.getUserInfo(), relay.port(), inbox());
  }

  private Object[] over(Object... words) {
    List<Object> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--ssh-key", Live.sshKey(), "--known-hosts", knownHosts));
    return all.toArray();
  }

  private FerryRun ship(int connections) {
    return ferry.run(over("ship", archive, "--to", uri(), "--connections", connections)).succeeds();
  }

  private void receive(int connections) throws IOException {
    Path received = dir.resolve("received");
    String bundle;
    try (var bundles = Files.list(inbox())) {
      bundle = uri() + "/" + bundles.findFirst().orElseThrow().getFileName();
    }
    ferry.run(over("receive", bundle, "--to", received, "--connections", connections)).succeeds();
    assertThat(Digest.ofFile(received.resolve("tagmanifest-sha256.txt"))).isEqualTo(id);
  }

  @Test
  void aConnectionThatIsResetIsMadeAgainAndLittleIsSentTwice() throws IOException {
    id = SampleBag.writeRandom(archive, SEED, 6_000_000, 6_000_000);
    relay.resetAfter(5_000_000);

    long wireBytes = Long.parseLong(ship(2).result().get("wireBytes").getAsString());

    assertThat(relay.fromClients()).isBetween(wireBytes, wireBytes + 2 * MIB + MIB / 2);
    relay.resetAfter(30_000);
    receive(2);
  }

  @Test
  void aConnectionThatGoesSilentIsGivenUpWithinAMinute() throws IOException {
    id = SampleBag.writeRandom(archive, SEED, 6_000_000, 6_000_000);
    relay.silenceAfter(5_000_000);
    long began = System.nanoTime();

    ship(2);

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(MINUTE_AND_WORK);
    began = System.nanoTime();
    relay.silenceAfter(30_000);
    receive(2);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(MINUTE_AND_WORK);
  }

  @Test
  void aServerThatIsTwoSecondsAwayIsReached() throws IOException {
    id = SampleBag.write(archive, SEED, 300_000, 20);
    relay.delay(Duration.ofSeconds(1));

    ship(2);
    receive(2);
  }

  @Test
  void aLinkOfOneKilobyteASecondIsEnough() throws IOException {
    id = SampleBag.write(archive, SEED, 5_000);
    relay.rate(1_000);

    ship(1);
    receive(1);
  }
}
