package io.milvusferry.transfer.remote;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.EOFException;
import java.io.IOException;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;
import net.schmizz.sshj.transport.TransportException;

/** What an SFTP server said, in our words. */
final class SftpFailure {
  private SftpFailure() {}

  /** Whether a server gave the plain answer "failure", which may mean anything, a full disk too. */
  static boolean isUnexplained(IOException e) {
    return status(e) == StatusCode.FAILURE;
  }

  /** Whether the connection is gone, rather than that the server said no. */
  static boolean isLost(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof TransportException) {
        return true;
      }
    }
    return false;
  }

  /** Whether the server said no, rather than nothing. */
  static boolean isRefusal(IOException e) {
    return switch (status(e)) {
      case UNKNOWN, CONNECITON_LOST, NO_CONNECTION -> false;
      default -> true;
    };
  }

  static boolean isMissing(IOException e) {
    StatusCode status = status(e);
    return status == StatusCode.NO_SUCH_FILE || status == StatusCode.NO_SUCH_PATH;
  }

  /**
   * @param place the file or directory, as people know it
   */
  static FerryException of(IOException e, String place) {
    if (e instanceof EOFException) {
      return failure(
          ErrorCode.BUNDLE_INVALID,
          "%s is shorter than announced: %s".formatted(place, e.getMessage()),
          "Ship the bundle again.",
          e);
    }
    return switch (status(e)) {
      case NO_SUCH_FILE, NO_SUCH_PATH ->
          failure(
              ErrorCode.REMOTE_NOT_FOUND,
              "there is no " + place,
              "Check the path; a directory above the destination must exist.",
              e);
      case PERMISSION_DENIED, WRITE_PROTECT ->
          failure(
              ErrorCode.REMOTE_PERMISSION,
              "no permission for " + place,
              "Choose another path, or have the permissions on the server changed.",
              e);
      case NO_SPACE_ON_FILESYSTEM, QUOTA_EXCEEDED -> full(place, e);
      case CONNECITON_LOST, NO_CONNECTION, UNKNOWN ->
          failure(
              ErrorCode.CONNECTION_LOST,
              "the connection was lost at %s: %s".formatted(place, e.getMessage()),
              "Run the same command again; it resumes.",
              e);
      default ->
          failure(
              ErrorCode.REMOTE_REFUSED,
              "the server refuses %s: %s".formatted(place, e.getMessage()),
              "Look at the server's log; then run the same command again, it resumes.",
              e);
    };
  }

  static FerryException full(String place, IOException e) {
    return failure(
        ErrorCode.REMOTE_FULL,
        "no space left on the server for " + place,
        "Free some space there and run the same command again; it resumes.",
        e);
  }

  private static StatusCode status(IOException e) {
    if (e instanceof SFTPException said) {
      StatusCode status = said.getStatusCode();
      return status == null ? StatusCode.UNKNOWN : status;
    }
    return StatusCode.UNKNOWN;
  }

  private static FerryException failure(
      ErrorCode code, String message, String hint, IOException cause) {
    return new FerryException(code, message, hint, cause);
  }
}
