package io.milvusferry.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
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
}
