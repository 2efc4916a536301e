package io.milvusferry.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.ConsistencyLevel;
import io.milvusferry.connector.Literals;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.record.Key;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyExpressionTest {
  private static final Described NUMBERS = described(true);
  private static final Described TEXTS = described(false);

  private static Described described(boolean numeric) {
    return new Described(
        new CollectionName("default", "c"), "id", numeric, false, ConsistencyLevel.Bounded, "1");
  }

  @Test
  void readsListsOfNumbers() {
    assertThat(KeyExpression.keys(" id in [1, -2,3 ] ", NUMBERS))
        .contains(List.of(new Key.Int64(1), new Key.Int64(-2), new Key.Int64(3)));
    assertThat(KeyExpression.keys("id==7", NUMBERS)).contains(List.of(new Key.Int64(7)));
  }

  @Test
  void readsListsOfTexts() {
    assertThat(KeyExpression.keys("id in [\"a\\\"b\", 'c\\\\']", TEXTS))
        .contains(List.of(new Key.Varchar("a\"b"), new Key.Varchar("c\\")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id in [1] and x > 2",
        "id in []",
        "id not in [1]",
        "id > 3",
        "x in [1]",
        "id in [010]",
        "id in [0x10]",
        "id in [1.5]",
        "id in [1",
        "id == 99999999999999999999",
        "idx == 1",
        "id == 1 or id == 2",
        ""
      })
  void leavesEverythingElseToTheServer(String filter) {
    assertThat(KeyExpression.keys(filter, NUMBERS)).isEmpty();
  }

  @Test
  void leavesEscapesThatItDoesNotKnowToTheServer() {
    assertThat(KeyExpression.keys("id == \"\\x41\"", TEXTS)).isEmpty();
  }

  @Test
  void readsWhatItWrites() {
    List<Key> keys = List.of(new Key.Varchar("a\"b\\c'"), new Key.Varchar("é"));

    assertThat(KeyExpression.keys(Literals.oneOf("id", keys), TEXTS)).contains(keys);
  }

  @Test
  void writesTheSmallestNumberAsARange() {
    assertThat(Literals.oneOf("id", List.of(new Key.Int64(Long.MIN_VALUE), new Key.Int64(4))))
        .isEqualTo("id in [4] or id < -9223372036854775807");
    assertThat(Literals.oneOf("id", List.of(new Key.Int64(Long.MIN_VALUE))))
        .isEqualTo("id < -9223372036854775807");
  }
}
