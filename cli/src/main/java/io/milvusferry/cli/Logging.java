package io.milvusferry.cli;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Tells the logs of libraries how much to say. */
final class Logging {
  /** Read by {@code logback.xml} when the first logger is made. */
  static final String LEVEL = "ferry.log.level";

  private Logging() {}

  static void configure(boolean verbose) {
    System.setProperty(LEVEL, verbose ? "INFO" : "WARN");
    Logger.getLogger("").setLevel(verbose ? Level.INFO : Level.SEVERE);
  }
}
