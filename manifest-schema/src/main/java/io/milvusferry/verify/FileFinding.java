package io.milvusferry.verify;

/**
 * A file of an archive that is not as it was sealed.
 *
 * @param path relative to the root of the archive
 */
public record FileFinding(Kind kind, String path, String expected, String actual)
    implements Finding {
  /** What is wrong with a file. */
  public enum Kind {
    /** Listed, but not there. */
    MISSING,
    /** There, but not listed. */
    EXTRA,
    /** Shorter than listed. */
    TRUNCATED,
    /** Other bytes than listed. */
    CHANGED,
    /** A link, or something else that is not a plain file. */
    NOT_A_FILE,
    /** The disk or its permissions do not let it be read. */
    UNREADABLE,
    /** A list or manifest that says something impossible. */
    MALFORMED,
    /** The list of parts and the manifest say different things. */
    CONTRADICTORY
  }

  /** Whether the set of files is not the one that was sealed, whatever their bytes. */
  boolean breaksCompleteness() {
    return switch (kind) {
      case MISSING, EXTRA, NOT_A_FILE, MALFORMED, CONTRADICTORY -> true;
      case TRUNCATED, CHANGED, UNREADABLE -> false;
    };
  }

  @Override
  public String message() {
    return switch (kind) {
      case MISSING -> "%s is missing".formatted(path);
      case EXTRA -> "%s does not belong to the archive".formatted(path);
      case TRUNCATED -> "%s is truncated: it has %s bytes of %s".formatted(path, actual, expected);
      case CHANGED -> "%s is changed: expected %s, found %s".formatted(path, expected, actual);
      case NOT_A_FILE -> "%s is a %s, not a plain file".formatted(path, actual);
      case UNREADABLE -> "%s cannot be read: %s".formatted(path, actual);
      case MALFORMED -> "%s is malformed: %s".formatted(path, actual);
      case CONTRADICTORY ->
          "%s is listed in two ways: the manifest says %s, the list of parts %s"
              .formatted(
                  path,
                  expected.isEmpty() ? "nothing" : expected,
                  actual.isEmpty() ? "nothing" : actual);
    };
  }
}
