package io.milvusferry.violation;

import picocli.CommandLine;

/** Speaks picocli outside the command line. */
public final class SpeaksPicocli {
  CommandLine speak() {
    return new CommandLine(new Object());
  }
}
