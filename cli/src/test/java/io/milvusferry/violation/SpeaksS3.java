package io.milvusferry.violation;

import software.amazon.awssdk.services.s3.S3Client;

/** Speaks S3 outside storage. */
public final class SpeaksS3 {
  S3Client speak() {
    return S3Client.create();
  }
}
