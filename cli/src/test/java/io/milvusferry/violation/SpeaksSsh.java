package io.milvusferry.violation;

import net.schmizz.sshj.SSHClient;

/** Speaks SSH outside transfer. */
public final class SpeaksSsh {
  SSHClient speak() {
    return new SSHClient();
  }
}
