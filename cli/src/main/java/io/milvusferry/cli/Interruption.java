package io.milvusferry.cli;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether a signal asked this process to stop. The first one interrupts the thread that works, so
 * that running operations end cleanly; the second ends the process at once, which loses nothing
 * either, since journals are on disk before what they tell of.
 */
final class Interruption {
  private static final String[] SIGNALS = {"INT", "TERM"};

  private final Thread worker;
  private final AtomicInteger received = new AtomicInteger();

  Interruption(Thread worker) {
    this.worker = worker;
  }

  /** Listens to the signals of this process. */
  static Interruption install(Thread worker) {
    Interruption interruption = new Interruption(worker);
    for (String name : SIGNALS) {
      Signals.handle(name, interruption::receive);
    }
    return interruption;
  }

  /** A signal came. */
  void receive(int signal) {
    if (received.compareAndSet(0, signal)) {
      worker.interrupt();
    } else {
      Runtime.getRuntime().halt(ExitStatus.SIGNAL_BASE + signal);
    }
  }

  /** The status to end with, if a signal came. */
  Optional<ExitStatus> status() {
    int signal = received.get();
    return signal == 0 ? Optional.empty() : Optional.of(ExitStatus.ofSignal(signal));
  }
}
