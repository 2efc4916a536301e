package io.milvusferry.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyTest {
  private static final int[] ALPHABET = {
    0, 'A', 'a', 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfffd, 0xffff, 0x10000, 0x10ffff
  };

  @Test
  void stringsAreOrderedLikeTheirUtf8BytesForRandomStrings() {
    Random random = new Random(20261124);
    for (int round = 0; round < 50_000; round++) {
      String a = text(random);
      String b = text(random);
      int expected =
          Integer.signum(
              Arrays.compareUnsigned(
                  a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)));
      assertThat(Integer.signum(new Key.Varchar(a).compareTo(new Key.Varchar(b))))
          .as("'%s' against '%s'", a, b)
          .isEqualTo(expected);
    }
  }

  @Test
  void numbersAreOrderedByValue() {
    assertThat(new Key.Int64(Long.MIN_VALUE)).isLessThan(new Key.Int64(-1));
    assertThat(new Key.Int64(-1)).isLessThan(new Key.Int64(Long.MAX_VALUE));
  }

  @Test
  void textReadsBackAsTheSameKey() {
    FieldSpec number = FieldSpec.of("id", FieldType.INT64, Map.of());
    FieldSpec name = FieldSpec.of("id", FieldType.VARCHAR, Map.of());
    for (long value : new long[] {Long.MIN_VALUE, -1, 0, (1L << 53) + 1, Long.MAX_VALUE}) {
      Key key = new Key.Int64(value);
      assertThat(Key.parse(number, key.text())).isEqualTo(key);
    }
    Key key = new Key.Varchar("007 \ud83d\ude00");
    assertThat(Key.parse(name, key.text())).isEqualTo(key);
  }

  @Test
  void noOtherTypeIsAKey() {
    FieldSpec json = FieldSpec.of("id", FieldType.JSON, Map.of());
    assertThatThrownBy(() -> Key.parse(json, "1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("field id of type JSON");
  }

  @Test
  void aRangeHoldsItsLowerEndAndNotItsUpperOne() {
    KeyRange range = new KeyRange(new Key.Int64(3), new Key.Int64(5));
    assertThat(range.contains(new Key.Int64(2))).isFalse();
    assertThat(range.contains(new Key.Int64(3))).isTrue();
    assertThat(range.contains(new Key.Int64(5))).isFalse();
    assertThat(KeyRange.ALL.contains(new Key.Int64(Long.MAX_VALUE))).isTrue();
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      text.appendCodePoint(ALPHABET[random.nextInt(ALPHABET.length)]);
    }
    return text.toString();
  }
}
