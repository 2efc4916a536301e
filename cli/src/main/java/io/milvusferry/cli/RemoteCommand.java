package io.milvusferry.cli;

/**
 * What the shell on the other side is given to run.
 *
 * @param text as it is; not blank
 */
record RemoteCommand(String text) {
  RemoteCommand {
    if (text.isBlank()) {
      throw new IllegalArgumentException("'%s' is no command".formatted(text));
    }
  }
}
