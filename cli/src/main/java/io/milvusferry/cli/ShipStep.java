package io.milvusferry.cli;

import io.milvusferry.progress.ProgressSink;
import io.milvusferry.transfer.ShipRequest;
import io.milvusferry.transfer.ShipResult;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;

/** A shipment as {@code ship} and {@code send} start it. */
record ShipStep(
    Session session,
    CommonOptions common,
    Path archive,
    String to,
    SshOptions ssh,
    CodecOption codec,
    DeliveryOptions delivery,
    SigningOptions signing,
    List<Integer> again) {

  /** Ships the archive. */
  ShipReport report(ProgressSink progress) {
    return new ShipReport(archive, run(progress));
  }

  private ShipResult run(ProgressSink progress) {
    return session
        .entryPoints()
        .ship(
            new ShipRequest(
                archive,
                ssh.destination(to, session, common),
                OptionTypes.word(codec.codec),
                new HashSet<>(again),
                delivery.volumeSize(),
                signing.key(session, common),
                session.surroundings().stateDirectory()),
            progress);
  }
}
