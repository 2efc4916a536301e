package io.milvusferry.transfer.remote;

import net.schmizz.sshj.connection.channel.direct.Signal;

/** Statuses of commands that a signal ended, as shells count them. */
final class RemoteSignals {
  private static final int BASE = 128;

  private RemoteSignals() {}

  /** 128 and the number that the signal has on Linux; 128 for one without a number. */
  static int status(Signal signal) {
    return BASE
        + switch (signal) {
          case HUP -> 1;
          case INT -> 2;
          case QUIT -> 3;
          case ILL -> 4;
          case ABRT -> 6;
          case FPE -> 8;
          case KILL -> 9;
          case USR1 -> 10;
          case SEGV -> 11;
          case USR2 -> 12;
          case PIPE -> 13;
          case ALRM -> 14;
          case TERM -> 15;
          case UNKNOWN -> 0;
        };
  }
}
