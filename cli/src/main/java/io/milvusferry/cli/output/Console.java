package io.milvusferry.cli.output;

import com.google.gson.JsonObject;
import java.io.PrintStream;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * The two streams of a run: results go to standard output, everything else to standard error. No
 * secret that was hidden leaves through either. Safe for several threads; lines never mix.
 */
public final class Console {
  /** Shorter words would be struck out of ordinary text. */
  private static final int SHORTEST_SECRET = 8;

  private final PrintStream out;
  private final PrintStream err;
  private final boolean color;
  private final Set<String> secrets = new ConcurrentSkipListSet<>();

  /**
   * @param color whether standard error takes colours
   */
  public Console(PrintStream out, PrintStream err, boolean color) {
    this.out = out;
    this.err = err;
    this.color = color;
  }

  /** Prints {@code ***} instead of this text from now on. */
  public void hide(String secret) {
    if (secret.length() >= SHORTEST_SECRET) {
      secrets.add(secret);
    }
  }

  /** A line of the result. */
  public synchronized void result(String line) {
    out.println(redacted(line));
    out.flush();
  }

  /** An object of the result, on a line of its own. */
  public synchronized void result(JsonObject line) {
    result(line.toString());
  }

  /** A line for the one who watches. */
  public synchronized void message(String line) {
    err.println(redacted(line));
    err.flush();
  }

  /** A line that begins with a word that stands out. */
  public synchronized void message(String word, String rest) {
    message((color ? "\u001b[1;31m" + word + "\u001b[0m" : word) + rest);
  }

  /** Text with control sequences of a terminal, without a line end. */
  synchronized void draw(String text) {
    err.print(redacted(text));
    err.flush();
  }

  boolean color() {
    return color;
  }

  private String redacted(String text) {
    String clean = text;
    for (String secret : secrets) {
      clean = clean.replace(secret, "***");
    }
    return clean;
  }
}
