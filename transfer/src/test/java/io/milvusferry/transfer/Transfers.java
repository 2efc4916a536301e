package io.milvusferry.transfer;

import io.milvusferry.progress.ByteSize;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.transfer.remote.SshSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Ships and receives below one directory, with little patience. */
final class Transfers {
  private final Path dir;
  private final SshSettings ssh;
  private final int attempts;
  private final int connections;

  Transfers(Path dir) {
    this(dir, SshSettings.ofUser(dir, Optional.empty()), 1, 2);
  }

  Transfers(Path dir, SshSettings ssh, int attempts, int connections) {
    this.dir = dir;
    this.ssh = ssh;
    this.attempts = attempts;
    this.connections = connections;
  }

  Destination at(String uri) {
    return new Destination(
        uri, ssh, connections, Optional.empty(), attempts, Duration.ofMillis(20));
  }

  ShipResult ship(String archive, String uri, Integer... again) {
    return new Shipment(ProgressSink.NONE)
        .ship(
            new ShipRequest(
                dir.resolve(archive),
                at(uri),
                "blocks",
                Set.of(again),
                Optional.empty(),
                dir.resolve("state")));
  }

  ShipResult shipVolumes(String archive, String uri, long volumeSize, Integer... again) {
    return new Shipment(ProgressSink.NONE)
        .ship(
            new ShipRequest(
                dir.resolve(archive),
                at(uri),
                "blocks",
                Set.of(again),
                Optional.of(new ByteSize(volumeSize)),
                dir.resolve("state")));
  }

  ReceiveResult receiveVolumes(String to, Path... places) {
    return new Shipment(ProgressSink.NONE)
        .receive(
            new ReceiveRequest(
                Stream.of(places).map(place -> at("file:" + place)).toList(),
                dir.resolve(to),
                dir.resolve("state")));
  }

  ReceiveResult receive(String uri, String to) {
    return new Shipment(ProgressSink.NONE)
        .receive(new ReceiveRequest(at(uri), dir.resolve(to), dir.resolve("state")));
  }
}
