package io.milvusferry.cli;

/** Where {@code ferry} begins. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its status. */
  public static void main(String[] args) {
    Interruption interruption = Interruption.install(Thread.currentThread());
    int status = new Ferry(Surroundings.ofThisProcess(), EntryPoints.REAL, interruption).run(args);
    System.exit(status);
  }
}
