package io.milvusferry.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class S3LocationTest {
  private static S3Location at(String bucket, String root, String endpoint) {
    return new S3Location(bucket, root, Optional.of(URI.create(endpoint)), Optional.empty());
  }

  @Test
  void takesARootWithAndWithoutSlashes() {
    assertThat(at("b", "/files/x/", "https://host")).isEqualTo(at("b", "files/x", "https://host"));
    assertThat(at("b", "files", "https://host")).hasToString("s3://b/files");
    assertThat(at("b", "", "https://host")).hasToString("s3://b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"host:9000", "ftp://host", "https://", "http://key:word@host"})
  void refusesAnEndpointThatIsNotOfTheWeb(String endpoint) {
    assertThatThrownBy(() -> at("b", "files", endpoint))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesAPathForABucket() {
    assertThatThrownBy(() -> at("b/files", "", "https://host"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
