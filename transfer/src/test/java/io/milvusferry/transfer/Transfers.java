package io.milvusferry.transfer;

import io.milvusferry.progress.ByteSize;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.signature.OriginCheck;
import io.milvusferry.signature.SigningKey;
import io.milvusferry.transfer.age.Identities;
import io.milvusferry.transfer.age.Recipients;
import io.milvusferry.transfer.remote.SshSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Ships and receives below one directory, with little patience. */
final class Transfers {
  private final Path dir;
  private final SshSettings ssh;
  private final int attempts;
  private final int connections;

  /** What packs what is shipped from now on. */
  String codec = "blocks";

  /** Share of the chunks that is fetched again. */
  double readBack;

  /** Signs what is shipped from now on. */
  Optional<SigningKey> signer = Optional.empty();

  /** Who can open what is shipped from now on. */
  Optional<Recipients> recipients = Optional.empty();

  /** Open what is received from now on. */
  Identities identities = Identities.NONE;

  /** What is demanded of what is received from now on. */
  OriginCheck origin = OriginCheck.NONE;

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
    return new Shipment(ProgressSink.NONE).ship(request(archive, uri, Optional.empty(), again));
  }

  /** Begins to ship an archive that is still being made. */
  ShipAhead ahead(String archive, String uri) {
    return new Shipment(ProgressSink.NONE).ahead(request(archive, uri, Optional.empty()));
  }

  ShipResult shipVolumes(String archive, String uri, long volumeSize, Integer... again) {
    return new Shipment(ProgressSink.NONE)
        .ship(request(archive, uri, Optional.of(new ByteSize(volumeSize)), again));
  }

  private ShipRequest request(
      String archive, String uri, Optional<ByteSize> volumeSize, Integer... again) {
    return new ShipRequest(
        dir.resolve(archive),
        at(uri),
        codec,
        Set.of(again),
        volumeSize,
        signer,
        recipients,
        readBack,
        dir.resolve("state"));
  }

  ReceiveResult receiveVolumes(String to, Path... places) {
    return new Shipment(ProgressSink.NONE)
        .receive(
            new ReceiveRequest(
                Stream.of(places).map(place -> at("file:" + place)).toList(),
                dir.resolve(to),
                origin,
                identities,
                dir.resolve("state")));
  }

  ReceiveResult receive(String uri, String to) {
    return new Shipment(ProgressSink.NONE)
        .receive(
            new ReceiveRequest(
                List.of(at(uri)), dir.resolve(to), origin, identities, dir.resolve("state")));
  }
}
