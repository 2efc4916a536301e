package io.milvusferry.cli;

import io.milvusferry.progress.ProgressSink;
import io.milvusferry.transfer.ReceiveRequest;
import io.milvusferry.transfer.ReceiveResult;
import java.nio.file.Path;
import java.util.List;

/**
 * The receiving of a bundle as {@code receive} and {@code restore} start it.
 *
 * @param bundle one place, or several with volumes of the bundle
 */
record ReceiveStep(
    Session session,
    CommonOptions common,
    List<String> bundle,
    Path to,
    SshOptions ssh,
    VerifyWithOption origin,
    DecryptWithOption decryption) {

  /** Fetches, checks and unpacks the bundle. */
  ReceiveReport report(ProgressSink progress) {
    return new ReceiveReport(to, run(progress));
  }

  private ReceiveResult run(ProgressSink progress) {
    return session
        .entryPoints()
        .receive(
            new ReceiveRequest(
                bundle.stream().map(place -> ssh.destination(place, session, common)).toList(),
                to,
                origin.check(session),
                decryption.identities(session, common),
                session.surroundings().stateDirectory()),
            progress);
  }
}
