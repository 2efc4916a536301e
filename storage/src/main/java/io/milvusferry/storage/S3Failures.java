package io.milvusferry.storage;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What the failures of S3 mean.
 *
 * @param name of the storage, for messages
 */
record S3Failures(String name) {
  /** What services answer, some with status 400 or 404, where the keys or the region are wrong. */
  private static final Set<String> REFUSED =
      Set.of(
          "AuthorizationHeaderMalformed",
          "ExpiredToken",
          "InvalidAccessKeyId",
          "InvalidToken",
          "XAdminUserNotFound");

  private static final int MULTIPLE_CHOICES = HttpURLConnection.HTTP_MULT_CHOICE;

  /** The failure of a call that was tried as often as it pays. */
  FerryException of(SdkException failure) {
    if (failure instanceof AbortedException) {
      Thread.currentThread().interrupt();
      return new FerryException(
          ErrorCode.INTERRUPTED,
          "stopped while reading from the storage " + name,
          "Run the same command again to resume.",
          failure);
    }
    if (failure instanceof AwsServiceException answer) {
      return answered(answer);
    }
    return unreachable(reason(failure), failure);
  }

  private FerryException answered(AwsServiceException answer) {
    int status = answer.statusCode();
    String word =
        Optional.ofNullable(answer.awsErrorDetails())
            .map(details -> details.errorCode())
            .orElse("");
    String said = "%s (status %d)".formatted(word.isEmpty() ? "no reason" : word, status);
    if (status == HttpURLConnection.HTTP_UNAUTHORIZED
        || status == HttpURLConnection.HTTP_FORBIDDEN
        || REFUSED.contains(word)) {
      return new FerryException(
          ErrorCode.STORAGE_CREDENTIALS,
          "the storage %s refuses to be listed or read: %s".formatted(name, said),
          "Check the keys and the region; they need to allow ListBucket and GetObject.",
          answer);
    }
    if (status == HttpURLConnection.HTTP_NOT_FOUND
        || (status >= MULTIPLE_CHOICES && status < HttpURLConnection.HTTP_BAD_REQUEST)) {
      return new FerryException(
          ErrorCode.STORAGE_NOT_FOUND,
          "the bucket of the storage %s is not there: %s".formatted(name, said),
          "Check bucket, region and endpoint.",
          answer);
    }
    return unreachable("it answers " + said, answer);
  }

  /** The failure to find a bucket of Amazon's where no region was named. */
  FerryException noRegion() {
    return new FerryException(
        ErrorCode.STORAGE_NOT_FOUND,
        "the region of the storage %s is not named".formatted(name),
        "Name its region, or its endpoint where it is not Amazon's.",
        null);
  }

  private FerryException unreachable(String reason, SdkException failure) {
    return new FerryException(
        ErrorCode.STORAGE_UNREACHABLE,
        "the storage %s does not answer as S3 does: %s".formatted(name, reason),
        "Check its endpoint and the network, and run the same command again.",
        failure);
  }

  /** The innermost cause says it in the fewest words. */
  private static String reason(Throwable failure) {
    Throwable innermost = failure;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    return "%s %s".formatted(innermost.getClass().getSimpleName(), innermost.getMessage());
  }
}
