package io.milvusferry.violation;

import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.transport.verification.PromiscuousVerifier;

/** Talks to a host without a look at its key. */
public final class TrustsAnyHost {
  void trust(SSHClient client) {
    client.addHostKeyVerifier(new PromiscuousVerifier());
  }
}
