package io.milvusferry.cli;

import io.milvusferry.cli.output.Report;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.transfer.ShipRequest;
import io.milvusferry.transfer.ShipResult;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

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

  /** Makes sure, before the work of hours, that the other side may run the command that follows. */
  void requireCommands() {
    then().ifPresent(step -> step.shell().requireCommands());
  }

  /** Ships the archive, and runs the command that follows. */
  Report report(ProgressSink progress) {
    requireCommands();
    Report shipped = new ShipReport(archive, run(progress));
    return then().<Report>map(step -> new JoinedReport(shipped, step.report())).orElse(shipped);
  }

  private Optional<ThenStep> then() {
    return delivery
        .then()
        .map(
            command ->
                new ThenStep(session, ssh.destination(to, session, common).shell(), command));
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
