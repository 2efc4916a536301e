package io.milvusferry.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LiteralsTest {
  private static final Literals NUMBERS =
      new Literals(FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(false));
  private static final Literals TEXTS =
      new Literals(
          FieldSpec.of("id", FieldType.VARCHAR, Map.of("max_length", "64")).asPrimaryKey(false));

  @Nested
  class AQuotedString {
    @Test
    void readsBackAsWhatItWasForEveryAsciiCharacter() {
      for (char c = 0; c < 0x80; c++) {
        assertReadsBack("a" + c + "b");
        assertReadsBack(String.valueOf(c));
        assertReadsBack(c + "1f");
      }
    }

    @Test
    void readsBackForRandomTextsOfNastyCharacters() {
      long seed = 20261107;
      Random random = new Random(seed);
      String[] pieces = {
        "\"", "\\", "\0", "\n", "\r", "\t", "\u007f", "'", "x41", "u0041", "n", "é", "中", "😀", "%"
      };
      for (int i = 0; i < 2000; i++) {
        StringBuilder text = new StringBuilder();
        for (int j = random.nextInt(8); j > 0; j--) {
          text.append(pieces[random.nextInt(pieces.length)]);
        }
        assertReadsBack(text.toString());
      }
    }

    @Test
    void holdsNoEndOfLineAndNoBareQuote() {
      for (char c = 0; c < 0x80; c++) {
        String quoted = Literals.quoted(String.valueOf(c));
        String inside = quoted.substring(1, quoted.length() - 1);

        assertThat(inside).as("character %d", (int) c).doesNotContain("\n", "\r");
        assertThat(inside).isNotEqualTo("\"").isNotEqualTo("\\");
      }
    }

    @Test
    void leavesLettersBeyondAsciiAsTheyAre() {
      assertThat(Literals.quoted("Größe 中文 😀")).isEqualTo("\"Größe 中文 😀\"");
    }

    private void assertReadsBack(String text) {
      assertThat(unquoted(Literals.quoted(text))).isEqualTo(text);
    }
  }

  @Nested
  class ARange {
    @Test
    void withoutBoundsMatchesEveryKeyAndIsNeverEmpty() {
      assertThat(NUMBERS.within(KeyRange.ALL, null)).isEqualTo("id <= 9223372036854775807");
      assertThat(TEXTS.within(KeyRange.ALL, null)).isEqualTo("id >= \"\"");
    }

    @Test
    void includesItsFirstKeyAndExcludesTheOneBelowWhichItEnds() {
      assertThat(NUMBERS.within(new KeyRange(number(-5), number(7)), null))
          .isEqualTo("id >= -5 and id < 7");
      assertThat(TEXTS.within(new KeyRange(text("a\""), text("b\\")), null))
          .isEqualTo("id >= \"a\\\"\" and id < \"b\\\\\"");
      assertThat(NUMBERS.within(new KeyRange(number(3), null), null)).isEqualTo("id >= 3");
      assertThat(NUMBERS.within(new KeyRange(null, number(3)), null)).isEqualTo("id < 3");
    }

    @Test
    void goesOnAfterTheLastKeyInsteadOfItsFirst() {
      assertThat(NUMBERS.within(new KeyRange(number(-5), number(7)), number(2)))
          .isEqualTo("id > 2 and id < 7");
      assertThat(TEXTS.within(KeyRange.ALL, text("back\\slash")))
          .isEqualTo("id > \"back\\\\slash\"");
    }

    @Test
    void neverNamesTheSmallestNumberWhoseLiteralDoesNotParse() {
      Key smallest = number(Long.MIN_VALUE);

      assertThat(NUMBERS.within(new KeyRange(smallest, null), null))
          .isEqualTo("id <= 9223372036854775807");
      assertThat(NUMBERS.within(new KeyRange(smallest, number(0)), null)).isEqualTo("id < 0");
      assertThat(NUMBERS.within(KeyRange.ALL, smallest)).isEqualTo("id >= -9223372036854775807");
    }

    @Test
    void endsAfterTheGreatestNumber() {
      assertThat(NUMBERS.within(KeyRange.ALL, number(Long.MAX_VALUE)))
          .isEqualTo("id > 9223372036854775807");
    }
  }

  @Nested
  class AListOfKeys {
    @Test
    void namesEachOfThem() {
      assertThat(NUMBERS.oneOf(List.of(number(1), number(-2), number(Long.MAX_VALUE))))
          .isEqualTo("id in [1, -2, 9223372036854775807]");
      assertThat(TEXTS.oneOf(List.of(text(""), text("a\"]"), text("\0"))))
          .isEqualTo("id in [\"\", \"a\\\"]\", \"\0\"]");
    }

    @Test
    void reachesTheSmallestNumberByWhatLiesBelowTheSecondSmallest() {
      assertThat(NUMBERS.oneOf(List.of(number(1), number(Long.MIN_VALUE))))
          .isEqualTo("id in [1] or id < -9223372036854775807");
      assertThat(NUMBERS.oneOf(List.of(number(Long.MIN_VALUE))))
          .isEqualTo("id < -9223372036854775807");
    }
  }

  private static Key number(long value) {
    return new Key.Int64(value);
  }

  private static Key text(String value) {
    return new Key.Varchar(value);
  }

  /** Reads a literal as the lexer of every server does: no other escape is known to all of them. */
  private static String unquoted(String literal) {
    assertThat(literal).startsWith("\"").endsWith("\"").hasSizeGreaterThan(1);
    StringBuilder text = new StringBuilder();
    int end = literal.length() - 1;
    int i = 1;
    while (i < end) {
      char c = literal.charAt(i++);
      assertThat(c).as("bare quote in %s", literal).isNotEqualTo('"');
      if (c != '\\') {
        text.append(c);
        continue;
      }
      assertThat(i).as("end of %s", literal).isLessThan(end);
      switch (literal.charAt(i++)) {
        case '"' -> text.append('"');
        case '\\' -> text.append('\\');
        case 'n' -> text.append('\n');
        case 'r' -> text.append('\r');
        default -> throw new AssertionError("unknown escape in " + literal);
      }
    }
    return text.toString();
  }
}
