package io.milvusferry.transfer.remote;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Hands on what a command on the other side prints, line by line, without characters that would
 * steer a terminal. An endless line comes in pieces.
 */
final class RemoteOutput implements Runnable {
  private static final int LONGEST_LINE = 1 << 16;

  private final InputStream in;
  private final Consumer<String> lines;

  RemoteOutput(InputStream in, Consumer<String> lines) {
    this.in = in;
    this.lines = lines;
  }

  /** Reads to the end. */
  void copy() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] block = new byte[1 << 13];
    for (int read = in.read(block); read >= 0; read = in.read(block)) {
      for (int i = 0; i < read; i++) {
        if (block[i] == '\n') {
          tell(line);
        } else {
          line.write(block[i]);
          if (line.size() == LONGEST_LINE) {
            tell(line);
          }
        }
      }
    }
    if (line.size() > 0) {
      tell(line);
    }
  }

  private void tell(ByteArrayOutputStream line) {
    lines.accept(line.toString(StandardCharsets.UTF_8).replaceAll("[\\p{Cntrl}&&[^\\t]]", ""));
    line.reset();
  }

  /** Reads to the end, or to where the connection broke: whoever reads the other stream says so. */
  @Override
  public void run() {
    try {
      copy();
    } catch (IOException expected) {
      return; // what was printed until then was handed on
    }
  }
}
