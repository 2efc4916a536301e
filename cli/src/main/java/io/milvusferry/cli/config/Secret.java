package io.milvusferry.cli.config;

/** A word that nobody may read on a screen, in a log or in a file. */
public final class Secret {
  private final String value;

  public Secret(String value) {
    this.value = value;
  }

  /** The word itself, for the one call that needs it. */
  public String reveal() {
    return value;
  }

  @Override
  public String toString() {
    return "***";
  }
}
