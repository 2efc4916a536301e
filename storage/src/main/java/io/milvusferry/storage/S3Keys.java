package io.milvusferry.storage;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileProperty;

/**
 * What a bucket is opened with.
 *
 * @param session the token of keys that hold for some hours only
 */
public record S3Keys(String access, String secret, Optional<String> session) {
  /**
   * Takes the keys of {@code [default]} from a file in the form of the AWS command line.
   *
   * @param content what the file holds
   * @param origin where it comes from, for messages
   * @throws FerryException {@link ErrorCode#SECRET_UNREADABLE}; it repeats nothing of the content
   */
  public static S3Keys parse(String content, String origin) {
    Map<String, String> properties = properties(content, origin);
    String access = properties.getOrDefault(ProfileProperty.AWS_ACCESS_KEY_ID, "");
    String secret = properties.getOrDefault(ProfileProperty.AWS_SECRET_ACCESS_KEY, "");
    if (access.isEmpty() || secret.isEmpty()) {
      throw unreadable("%s holds no pair of keys under [default]".formatted(origin));
    }
    return new S3Keys(
        access, secret, Optional.ofNullable(properties.get(ProfileProperty.AWS_SESSION_TOKEN)));
  }

  /**
   * Takes the keys of an environment, where the AWS command line looks for them too.
   *
   * @return empty unless there is a pair of them
   */
  public static Optional<S3Keys> environment(Map<String, String> variables) {
    Optional<String> secret = value(variables, "AWS_SECRET_ACCESS_KEY");
    return value(variables, "AWS_ACCESS_KEY_ID")
        .filter(access -> secret.isPresent())
        .map(
            access ->
                new S3Keys(access, secret.orElseThrow(), value(variables, "AWS_SESSION_TOKEN")));
  }

  private static Optional<String> value(Map<String, String> variables, String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
  }

  private static Map<String, String> properties(String content, String origin) {
    try {
      return ProfileFile.builder()
          .content(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)))
          .type(ProfileFile.Type.CREDENTIALS)
          .build()
          .profile("default")
          .map(Profile::properties)
          .orElse(Map.of());
    } catch (SdkException | IllegalArgumentException expected) {
      // Not handed on: its message could quote the content.
      throw unreadable("%s is not a file of keys".formatted(origin));
    }
  }

  private static FerryException unreadable(String message) {
    return new FerryException(
        ErrorCode.SECRET_UNREADABLE,
        message,
        "Write [default], and below it aws_access_key_id = KEY and aws_secret_access_key = SECRET.",
        null);
  }

  @Override
  public String toString() {
    return "keys of S3";
  }
}
