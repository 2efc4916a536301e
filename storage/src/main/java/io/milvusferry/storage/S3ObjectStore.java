package io.milvusferry.storage;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The objects of a server that keeps them in a bucket. Calls that fail are tried three times. */
public final class S3ObjectStore implements ObjectStore {
  /** Longer than a lost packet needs on a link around the world. */
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** Without a byte. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private static final String NO_FILE = "/dev/null/none";

  private final S3Location location;
  private final S3Failures failures;
  private final S3Client client;

  private S3ObjectStore(S3Location location, S3Failures failures, S3Client client) {
    this.location = location;
    this.failures = failures;
    this.client = client;
  }

  /**
   * A store, of which nothing is read yet. Nothing but its endpoint is ever called, and none of the
   * files of the AWS command line is read.
   *
   * @throws FerryException {@link ErrorCode#STORAGE_NOT_FOUND} where neither an endpoint nor a
   *     region is named
   */
  public static S3ObjectStore open(S3Location location, S3Keys keys) {
    S3Failures failures = new S3Failures(location.toString());
    if (location.endpoint().isEmpty() && location.region().isEmpty()) {
      throw failures.noRegion();
    }
    takeNoProfiles();
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(
                UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(SILENCE))
            .overrideConfiguration(change -> change.retryStrategy(RetryMode.STANDARD))
            // Else a variable of the environment could have it ask the machine where it runs.
            .defaultsMode(DefaultsMode.STANDARD)
            .credentialsProvider(StaticCredentialsProvider.create(credentials(keys)))
            // Services that are not Amazon's refuse, or do not send, checksums of the newer kind.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .region(location.region().map(Region::of).orElse(Region.US_EAST_1));
    location
        .endpoint()
        .ifPresent(endpoint -> builder.endpointOverride(endpoint).forcePathStyle(true));
    return new S3ObjectStore(location, failures, builder.build());
  }

  /**
   * Keeps Amazon's client from {@code ~/.aws}: it parses the files there whatever it is told, and
   * fails where they are malformed. The properties are its own, and nobody else in the process has
   * one.
   */
  private static void takeNoProfiles() {
    for (ProfileFileSystemSetting place :
        List.of(
            ProfileFileSystemSetting.AWS_CONFIG_FILE,
            ProfileFileSystemSetting.AWS_SHARED_CREDENTIALS_FILE)) {
      System.setProperty(place.property(), NO_FILE);
    }
  }

  private static AwsCredentials credentials(S3Keys keys) {
    return keys.session()
        .<AwsCredentials>map(
            session -> AwsSessionCredentials.create(keys.access(), keys.secret(), session))
        .orElseGet(() -> AwsBasicCredentials.create(keys.access(), keys.secret()));
  }

  @Override
  public String name() {
    return location.toString();
  }

  @Override
  public List<StoredObject> list(String prefix) {
    int root = location.prefix().length();
    List<StoredObject> found = new ArrayList<>();
    try {
      for (S3Object object :
          client
              .listObjectsV2Paginator(
                  request -> request.bucket(location.bucket()).prefix(location.prefix() + prefix))
              .contents()) {
        found.add(new StoredObject(object.key().substring(root), object.size()));
      }
    } catch (SdkException e) {
      throw failures.of(e);
    }
    // Services sort by the bytes of UTF-8, which is another order than that of Java's characters.
    found.sort(Comparator.comparing(StoredObject::key));
    return found;
  }

  @Override
  public byte[] read(StoredObject object) {
    Optional<byte[]> content;
    try {
      content =
          client.getObject(
              request -> request.bucket(location.bucket()).key(location.prefix() + object.key()),
              (response, body) -> content(response, body, object.bytes()));
    } catch (NoSuchKeyException e) {
      throw object.gone(this, e);
    } catch (SdkException e) {
      throw failures.of(e);
    }
    return content.orElseThrow(() -> object.resized(this));
  }

  /** The whole body, which is tried again if it breaks off; empty if it is not as long as told. */
  private static Optional<byte[]> content(
      GetObjectResponse response, AbortableInputStream body, long bytes) {
    if (response.contentLength() != bytes) {
      body.abort();
      return Optional.empty();
    }
    try {
      byte[] content = body.readNBytes(Math.toIntExact(bytes));
      if (content.length == bytes) {
        return Optional.of(content);
      }
      throw new IOException("only %d of %d bytes came".formatted(content.length, bytes));
    } catch (IOException e) {
      throw RetryableException.create("the object broke off", e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
