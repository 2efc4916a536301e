package io.milvusferry.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class S3KeysTest {
  private static final String CANARY = "c4n4ry-s3cret";

  @Test
  void takesTheDefaultKeysOfAFile() {
    String file =
        """
        # made by hand
        [other]
        aws_access_key_id = no
        aws_secret_access_key = no
        [default]
        aws_access_key_id = access
        aws_secret_access_key=%s
        """
            .formatted(CANARY);

    assertThat(S3Keys.parse(file, "keys"))
        .isEqualTo(new S3Keys("access", CANARY, Optional.empty()))
        .asString()
        .doesNotContain(CANARY);
    assertThat(S3Keys.parse(file + "aws_session_token = hours\n", "keys").session())
        .contains("hours");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        CANARY,
        "[default]\n" + CANARY,
        "[default]\naws_secret_access_key = " + CANARY,
        "[other]\naws_access_key_id = a\naws_secret_access_key = " + CANARY
      })
  void refusesAFileWithoutKeysAndRepeatsNothingOfIt(String file) {
    ObjectStoreContract.assertCode(
        ErrorCode.SECRET_UNREADABLE, () -> S3Keys.parse(file, "the file"));
    assertThatThrownBy(() -> S3Keys.parse(file, "the file"))
        .hasMessageStartingWith("the file ")
        .hasMessageNotContaining(CANARY)
        .hasNoCause();
  }

  @Test
  void takesAPairOfKeysFromTheEnvironment() {
    Map<String, String> pair = Map.of("AWS_ACCESS_KEY_ID", "a", "AWS_SECRET_ACCESS_KEY", CANARY);
    Map<String, String> all = new HashMap<>(pair);
    all.put("AWS_SESSION_TOKEN", "hours");

    assertThat(S3Keys.environment(pair)).contains(new S3Keys("a", CANARY, Optional.empty()));
    assertThat(S3Keys.environment(all)).contains(new S3Keys("a", CANARY, Optional.of("hours")));
    assertThat(S3Keys.environment(Map.of())).isEmpty();
    assertThat(S3Keys.environment(Map.of("AWS_ACCESS_KEY_ID", "a"))).isEmpty();
    all.put("AWS_SECRET_ACCESS_KEY", "");
    assertThat(S3Keys.environment(all)).isEmpty();
  }
}
