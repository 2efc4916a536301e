package io.milvusferry.storage;

import java.net.URI;
import java.util.Optional;

/**
 * Where a server keeps its objects in S3, or in what answers like it.
 *
 * @param root what all keys begin with, without the {@code /} behind it; empty for the whole bucket
 * @param endpoint of a service other than Amazon's, whose buckets are then named in the path; with
 *     {@code http} or {@code https}
 * @param region of the bucket; without an endpoint it is needed, with one it is {@code us-east-1}
 *     where it is absent
 */
public record S3Location(
    String bucket, String root, Optional<URI> endpoint, Optional<String> region) {
  public S3Location {
    root = root.replaceAll("^/+|/+$", "");
    if (bucket.isEmpty() || bucket.contains("/")) {
      throw new IllegalArgumentException("not the name of a bucket: '%s'".formatted(bucket));
    }
    endpoint.ifPresent(S3Location::requireWeb);
  }

  private static void requireWeb(URI endpoint) {
    boolean web = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
    if (!web || endpoint.getHost() == null || endpoint.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "not http://host:port or https://host:port: '%s'".formatted(endpoint));
    }
  }

  /** The same in that region, where none is named. */
  public S3Location orIn(Optional<String> region) {
    return new S3Location(bucket, root, endpoint, this.region.or(() -> region));
  }

  /** What the keys of the bucket begin with that the keys of the store do not. */
  String prefix() {
    return root.isEmpty() ? "" : root + "/";
  }

  @Override
  public String toString() {
    return root.isEmpty() ? "s3://" + bucket : "s3://%s/%s".formatted(bucket, root);
  }
}
