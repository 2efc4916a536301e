package io.milvusferry.cli;

import io.milvusferry.progress.ProgressSink;
import io.milvusferry.transfer.ShipRequest;
import io.milvusferry.transfer.ShipResult;
import java.nio.file.Path;

/** A shipment as {@code ship} and {@code send} start it. */
record ShipStep(
    Session session,
    CommonOptions common,
    Path archive,
    String to,
    SshOptions ssh,
    ShipOptions options) {

  /** Ships the archive. */
  ShipResult run(ProgressSink progress) {
    return session
        .entryPoints()
        .ship(
            new ShipRequest(
                archive,
                ssh.destination(to, session, common),
                OptionTypes.word(options.codec),
                options.again(),
                session.surroundings().stateDirectory()),
            progress);
  }
}
