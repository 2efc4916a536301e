package io.milvusferry.error;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Locale;

/** Failures of the local disk, in words. */
public final class LocalFailure {
  private LocalFailure() {}

  /**
   * Tells a full disk, a missing permission and an interrupt from other failures.
   *
   * @param place the file or directory that was written or read
   */
  public static FerryException of(IOException failure, Path place) {
    if (failure instanceof ClosedByInterruptException) {
      return new FerryException(
          ErrorCode.INTERRUPTED,
          "stopped while reading or writing " + place,
          "Run the same command again to resume.",
          failure);
    }
    String reason = String.valueOf(failure.getMessage());
    if (failure instanceof AccessDeniedException) {
      return new FerryException(
          ErrorCode.LOCAL_PERMISSION,
          "no permission for " + reason,
          "Choose a place that this user may read and write, or change its permissions.",
          failure);
    }
    String lower = reason.toLowerCase(Locale.ROOT);
    if (lower.contains("no space") || lower.contains("quota")) {
      return new FerryException(
          ErrorCode.DISK_FULL,
          "the disk of %s is full: %s".formatted(place, reason),
          "Free some space and run the same command again; it resumes.",
          failure);
    }
    return new FerryException(
        ErrorCode.LOCAL_IO,
        "reading or writing %s failed: %s".formatted(place, reason),
        "Check the disk, and run the same command again; it resumes.",
        failure);
  }
}
