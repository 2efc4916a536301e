package io.milvusferry.connector;

import io.milvus.grpc.Status;
import io.milvus.shaded.io.grpc.StatusRuntimeException;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import java.util.Objects;
import javax.net.ssl.SSLException;

/**
 * Turns what a server answers, inside a successful call or as a gRPC status, into failures with a
 * code and a hint.
 */
final class ServerErrors {
  private static final String RERUN =
      "Run the same command again when the server is well; it resumes.";

  private ServerErrors() {}

  /** The failure of a call that gRPC refused or could not make. */
  static FerryException of(StatusRuntimeException failure, String call, String address) {
    String detail =
        Objects.requireNonNullElse(
            failure.getStatus().getDescription(), failure.getStatus().getCode().name());
    return switch (failure.getStatus().getCode()) {
      case UNAVAILABLE -> unavailable(failure, address);
      case DEADLINE_EXCEEDED ->
          failure(
              ErrorCode.SERVER_TIMEOUT, call, address, "gave no answer in time", RERUN, failure);
      case UNAUTHENTICATED -> credentials(call, address, detail, failure);
      case PERMISSION_DENIED -> privilege(call, address, detail, failure);
      case UNIMPLEMENTED ->
          failure(
              ErrorCode.SERVER_INCAPABLE,
              call,
              address,
              "is not known there",
              "This server lacks the call; see what it can do in the manifest or the plan.",
              failure);
      case RESOURCE_EXHAUSTED ->
          // An answer that is too large stays so: asking again in vain would only take time.
          failure(
              detail.contains("larger than max") ? ErrorCode.ROW_TOO_LARGE : ErrorCode.SERVER_QUOTA,
              call,
              address,
              detail,
              RERUN,
              failure);
      case CANCELLED ->
          failure(ErrorCode.INTERRUPTED, call, address, "was stopped", RERUN, failure);
      default -> fromText(0, detail, call, address, failure);
    };
  }

  /** Fails unless the answer says success. */
  @SuppressWarnings("deprecation")
  static void check(Status status, String call, String address) {
    if (status.getCode() == 0 && status.getErrorCode() == io.milvus.grpc.ErrorCode.Success) {
      return;
    }
    throw fromText(status.getCode(), status.getReason(), call, address, null);
  }

  private static FerryException fromText(
      int code,
      String reason,
      String call,
      String address,
      @org.jspecify.annotations.Nullable Throwable cause) {
    String lower = reason.toLowerCase(Locale.ROOT);
    if (lower.contains("auth check failure") || lower.contains("unauthenticated")) {
      return credentials(call, address, reason, cause);
    }
    if (lower.contains("permission deny") || lower.contains("permissiondenied")) {
      return privilege(call, address, reason, cause);
    }
    if (code == 100
        || lower.contains("can't find collection")
        || lower.contains("collection not found")
        || lower.contains("database not found")) {
      return failure(
          ErrorCode.COLLECTION_NOT_FOUND,
          call,
          address,
          reason,
          "Check the name of the collection and of its database.",
          cause);
    }
    if (lower.contains("index not found")
        || lower.contains("index not exist")
        || lower.contains("index doesn't exist")
        || lower.contains("no index on collection")
        || lower.contains("there is no vector index")) {
      return failure(
          ErrorCode.COLLECTION_NOT_INDEXED,
          call,
          address,
          reason,
          "Index the collection; export does it for the time with --temporary-index.",
          cause);
    }
    if (code == 101 || lower.contains("not loaded") || lower.contains("not fully loaded")) {
      return failure(
          ErrorCode.COLLECTION_NOT_LOADED,
          call,
          address,
          reason,
          "Load the collection; export does it for the time with --load.",
          cause);
    }
    if (lower.contains("rate limit") || lower.contains("quota") || lower.contains("memory limit")) {
      return failure(ErrorCode.SERVER_QUOTA, call, address, reason, RERUN, cause);
    }
    if (lower.contains("unimplemented") || lower.contains("not supported")) {
      return failure(
          ErrorCode.SERVER_INCAPABLE,
          call,
          address,
          reason,
          "This server cannot do that; use one that can.",
          cause);
    }
    return failure(ErrorCode.SERVER_REFUSED, call, address, reason, RERUN, cause);
  }

  private static FerryException unavailable(StatusRuntimeException failure, String address) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof UnknownHostException || t instanceof UnresolvedAddressException) {
        return new FerryException(
            ErrorCode.HOST_UNKNOWN,
            "the host of %s is not known".formatted(address),
            "Check the spelling of the host, and that its name resolves here.",
            failure);
      }
      if (t instanceof SSLException) {
        return new FerryException(
            ErrorCode.SERVER_CERTIFICATE,
            "no trusted connection to %s: %s".formatted(address, rootMessage(failure)),
            "Name the certificates to trust as caFile in a profile, and the name in the server's"
                + " certificate as serverName; write http:// for a server without TLS.",
            failure);
      }
    }
    return new FerryException(
        ErrorCode.SERVER_UNREACHABLE,
        "no Milvus server answers at %s: %s".formatted(address, rootMessage(failure)),
        "Check address and port, and that the server runs; then run the same command again.",
        failure);
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  private static FerryException privilege(
      String call,
      String address,
      String detail,
      @org.jspecify.annotations.Nullable Throwable cause) {
    return failure(
        ErrorCode.SERVER_CREDENTIALS,
        call,
        address,
        detail,
        "Give the user the privileges for this call.",
        cause);
  }

  private static FerryException credentials(
      String call,
      String address,
      String detail,
      @org.jspecify.annotations.Nullable Throwable cause) {
    return failure(
        ErrorCode.SERVER_CREDENTIALS,
        call,
        address,
        detail,
        "Check user and password: a profile's user and passwordFile, or FERRY_PASSWORD, which is root's.",
        cause);
  }

  private static FerryException failure(
      ErrorCode code,
      String call,
      String address,
      String detail,
      String hint,
      @org.jspecify.annotations.Nullable Throwable cause) {
    return new FerryException(
        code, "%s at %s: %s".formatted(call, address, detail.replaceAll("\\s+", " ")), hint, cause);
  }
}
