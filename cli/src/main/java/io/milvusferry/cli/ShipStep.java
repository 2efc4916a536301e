package io.milvusferry.cli;

import io.milvusferry.cli.output.Report;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.transfer.ShipAhead;
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
    EncryptToOption encryption,
    List<Integer> again) {

  /** Makes sure, before the work of hours, that the other side may run the command that follows. */
  void requireCommands() {
    then().ifPresent(step -> step.shell().requireCommands());
  }

  /** Ships the archive, and runs the command that follows, which was made sure of before. */
  Report report(ProgressSink progress) {
    return report(session.entryPoints().ship(request(), progress));
  }

  /** Says what was shipped, and runs the command that follows. */
  Report report(ShipResult result) {
    Report shipped = new ShipReport(archive, result);
    return then().<Report>map(step -> new JoinedReport(shipped, step.report())).orElse(shipped);
  }

  private Optional<ThenStep> then() {
    return delivery
        .then()
        .map(
            command ->
                new ThenStep(session, ssh.destination(to, session, common).shell(), command));
  }

  /** Begins while the archive is still being made. */
  ShipAhead ahead(ProgressSink progress) {
    return session.entryPoints().shipAhead(request(), progress);
  }

  private ShipRequest request() {
    return new ShipRequest(
        archive,
        ssh.destination(to, session, common),
        OptionTypes.word(codec.codec),
        new HashSet<>(again),
        delivery.volumeSize(),
        signing.key(session, common),
        encryption.recipients(session),
        delivery.readBack(),
        session.surroundings().stateDirectory());
  }
}
