package io.milvusferry.cli;

import io.milvusferry.progress.ProgressSink;
import io.milvusferry.transfer.ReceiveRequest;
import io.milvusferry.transfer.ReceiveResult;
import java.nio.file.Path;

/** The receiving of a bundle as {@code receive} and {@code restore} start it. */
record ReceiveStep(Session session, CommonOptions common, String bundle, Path to, SshOptions ssh) {

  /** Fetches, checks and unpacks the bundle. */
  ReceiveReport report(ProgressSink progress) {
    return new ReceiveReport(to, run(progress));
  }

  private ReceiveResult run(ProgressSink progress) {
    return session
        .entryPoints()
        .receive(
            new ReceiveRequest(
                ssh.destination(bundle, session, common),
                to,
                session.surroundings().stateDirectory()),
            progress);
  }
}
