package io.milvusferry.cli.output;

/** How progress is shown. */
public enum ProgressStyle {
  /** JSON with {@code --json}, bars on a terminal, lines elsewhere. */
  AUTO,
  BAR,
  PLAIN,
  JSON,
  NONE;

  /**
   * What {@code AUTO} stands for here.
   *
   * @param json whether the result is JSON
   * @param terminal whether standard error is a terminal that understands control sequences
   */
  public ProgressStyle settled(boolean json, boolean terminal) {
    if (this != AUTO) {
      return this;
    }
    if (json) {
      return JSON;
    }
    return terminal ? BAR : PLAIN;
  }

  ProgressRenderer renderer(Console console, int columns) {
    return switch (this) {
      case BAR -> new BarProgress(console, columns);
      case PLAIN -> new PlainProgress(console);
      case JSON -> new JsonProgress(console);
      case NONE -> new NoProgress(console);
      case AUTO -> throw new IllegalStateException("not settled");
    };
  }
}
