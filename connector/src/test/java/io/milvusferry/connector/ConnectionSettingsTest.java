package io.milvusferry.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionSettingsTest {
  @Test
  void readsHostPortAndDatabase() {
    ConnectionSettings settings = ConnectionSettings.parse("http://milvus.example:19531/sales");

    assertThat(settings.host()).isEqualTo("milvus.example");
    assertThat(settings.port()).isEqualTo(19531);
    assertThat(settings.database()).isEqualTo("sales");
    assertThat(settings.tls()).isFalse();
    assertThat(settings.address()).isEqualTo("milvus.example:19531");
    assertThat(settings.credentials().get()).isEmpty();
    assertThat(settings.deadline()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://milvus.example", "https://milvus.example/"})
  void fillsInMilvusPortAndTheDefaultDatabase(String text) {
    ConnectionSettings settings = ConnectionSettings.parse(text);

    assertThat(settings.tls()).isTrue();
    assertThat(settings.port()).isEqualTo(19530);
    assertThat(settings.database()).isEqualTo("default");
  }

  @Test
  void readsNumericAddresses() {
    assertThat(ConnectionSettings.parse("http://127.0.0.1:1").host()).isEqualTo("127.0.0.1");
    assertThat(ConnectionSettings.parse("http://[::1]:65535").address()).isEqualTo("[::1]:65535");
  }

  @Test
  void changesOneThingAtATime() {
    ConnectionSettings settings =
        ConnectionSettings.parse("https://milvus.example/sales")
            .withDeadline(Duration.ofSeconds(3))
            .withCredentials(() -> Optional.of("root:x"))
            .withTls(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("inside"));

    assertThat(settings.deadline()).isEqualTo(Duration.ofSeconds(3));
    assertThat(settings.credentials().get()).contains("root:x");
    assertThat(settings.serverName()).contains("inside");
    assertThat(settings.database()).isEqualTo("sales");
    assertThat(settings.tls()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:19530",
        "milvus://milvus.example",
        "ftp://milvus.example:19530",
        "http://milvus.example/a/b",
        "http://milvus.example:0",
        "http://milvus.example:65536",
        "http:///sales",
        "",
      })
  void namesWhatIsNotAnAddress(String text) {
    FerryException failure = refused(text);

    assertThat(failure).hasMessage("'%s' is not the address of a server".formatted(text));
    assertThat(failure.hint()).contains("http://host:19530");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://root:hunter2@milvus.example:19530",
        "https://root:hunter2@milvus.example/sales",
        "http://hunter2@milvus.example",
        "milvus://root:hunter2@milvus.example",
        "root:hunter2@milvus.example:19530",
        "http://root:hunter2 @milvus.example",
        "http://root:%hunter2@milvus.example",
        "http://root:x@hunter2@milvus.example",
        "http://root:x#hunter2@milvus.example",
        "http://root:1/hunter2@milvus.example",
        "http://root:1?hunter2@milvus.example",
        "http://[hunter2@milvus.example",
      })
  void refusesCredentialsInAnAddressAndNeverRepeatsThem(String text) {
    FerryException failure = refused(text);

    assertNothingTells(failure, "hunter2");
    assertThat(failure).hasMessageContaining("credentials do not belong");
    assertThat(failure.hint()).contains("FERRY_PASSWORD");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://root:hunter2",
        "root:hunter2",
        "http://milvus.example:19530/?password=hunter2",
        "http://milvus.example:19530/sales#hunter2",
        "http://milvus example:19530/hunter2",
        "http://%zz:hunter2",
      })
  void doesNotRepeatWhatMayHoldASecretWithoutLookingLikeOne(String text) {
    assertNothingTells(refused(text), "hunter2");
  }

  private static void assertNothingTells(FerryException failure, String secret) {
    assertThat(failure.hint()).doesNotContain(secret);
    for (Throwable t = failure; t != null; t = t.getCause()) {
      assertThat(t.toString()).doesNotContain(secret);
    }
  }

  private static FerryException refused(String text) {
    FerryException failure =
        catchThrowableOfType(FerryException.class, () -> ConnectionSettings.parse(text));
    assertThat(failure).as(text).isNotNull();
    assertThat(failure.code()).isEqualTo(ErrorCode.USAGE);
    return failure;
  }
}
