package io.milvusferry.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.milvus.grpc.QueryResults;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.progress.ByteSize;
import io.milvusferry.progress.Throttle;
import io.milvusferry.record.Column;
import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PageCursorTest {
  private static final FieldSpec KEY =
      FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(false);

  private final List<String> expressions = new ArrayList<>();
  private final List<Integer> limits = new ArrayList<>();
  private final PageSize size = new PageSize();

  @Nested
  class APageAfterAnother {
    @Test
    void asksForKeysGreaterThanTheLastOne() {
      PageCursor cursor = cursor(KeyRange.ALL, page(1, 5), page(6, 9), page());

      assertThat(keys(cursor)).containsExactly(1, 5, 6, 9);
      assertThat(expressions).containsExactly("id <= 9223372036854775807", "id > 5", "id > 9");
    }

    @Test
    void staysBelowTheEndOfTheRange() {
      PageCursor cursor = cursor(range(2, 10), page(2, 5), page(9), page());

      assertThat(keys(cursor)).containsExactly(2, 5, 9);
      assertThat(expressions)
          .containsExactly("id >= 2 and id < 10", "id > 5 and id < 10", "id > 9 and id < 10");
    }

    @Test
    void goesOnAfterTheSmallestAndTheGreatestKey() {
      PageCursor cursor =
          cursor(KeyRange.ALL, page(Long.MIN_VALUE), page(0, Long.MAX_VALUE), page());

      assertThat(keys(cursor)).containsExactly(Long.MIN_VALUE, 0, Long.MAX_VALUE);
      assertThat(expressions)
          .containsExactly(
              "id <= 9223372036854775807",
              "id >= -9223372036854775807",
              "id > 9223372036854775807");
    }

    @Test
    void escapesTextKeys() {
      FieldSpec key =
          FieldSpec.of("id", FieldType.VARCHAR, Map.of("max_length", "9")).asPrimaryKey(false);
      RecordBatch batch =
          new RecordBatch(
              List.of(key), List.of(new Column.Bytes(new int[] {0, 2}, new byte[] {'\\', '"'})), 1);
      PageCursor cursor = cursor(key, KeyRange.ALL, answer(batch), page());

      assertThat(cursor.next()).isNotNull();
      assertThat(cursor.next()).isNull();
      assertThat(expressions).containsExactly("id >= \"\"", "id > \"\\\\\\\"\"");
    }
  }

  @Nested
  class TheEnd {
    @Test
    void isAnEmptyPageAndNeverAShortOne() {
      PageCursor cursor = cursor(KeyRange.ALL, page(1), page(2), page(3), page());

      assertThat(keys(cursor)).containsExactly(1, 2, 3);
      assertThat(limits).hasSize(4).allMatch(limit -> limit > 1);
    }

    @Test
    void staysTheEndWithoutAnotherQuestion() {
      PageCursor cursor = cursor(KeyRange.ALL, page());

      assertThat(cursor.next()).isNull();
      assertThat(cursor.next()).isNull();
      assertThat(expressions).hasSize(1);
    }

    @Test
    void comesWithoutAQuestionForARangeWithoutKeys() {
      assertThat(cursor(range(5, 5)).next()).isNull();
      assertThat(expressions).isEmpty();
    }

    @Test
    void comesWhenTheCursorIsClosed() {
      PageCursor cursor = cursor(KeyRange.ALL, page(1), page(2));
      cursor.next();

      cursor.close();

      assertThat(cursor.next()).isNull();
      assertThat(expressions).hasSize(1);
    }
  }

  @Nested
  class APageThatWouldLoseRows {
    @Test
    void failsOutOfOrder() {
      assertFails(cursor(KeyRange.ALL, page(1, 3, 2)), "2 after 3");
    }

    @Test
    void failsWithAKeyTwice() {
      assertFails(cursor(KeyRange.ALL, page(1, 1)), "1 after 1");
    }

    @Test
    void failsBelowTheRange() {
      assertFails(cursor(range(5, 10), page(4, 6)), "key 4");
    }

    @Test
    void failsAboveTheRange() {
      assertFails(cursor(range(5, 10), page(6, 10)), "key 10");
    }

    @Test
    void failsWithAKeyOfAnEarlierPage() {
      PageCursor cursor = cursor(KeyRange.ALL, page(1, 2), page(2, 3));
      cursor.next();

      assertFails(cursor, "2 after 2");
    }

    private void assertFails(PageCursor cursor, String words) {
      FerryException failure = catchThrowableOfType(FerryException.class, cursor::next);

      assertThat(failure).isNotNull();
      assertThat(failure.code()).isEqualTo(ErrorCode.SERVER_REFUSED);
      assertThat(failure).hasMessageContaining(words);
    }
  }

  @Nested
  class APageThatIsTooLarge {
    @Test
    void isAskedForAgainWithFewerRowsAndTheSameExpression() {
      PageCursor cursor = sized(300, 1, 2, 3);

      assertThat(keys(cursor)).containsExactly(1, 2, 3);
      assertThat(limits.get(0)).isGreaterThan(300);
      assertThat(limits.get(limits.size() - 1)).isBetween(1, 300);
      assertThat(expressions.subList(0, limits.size() - 3)).containsOnly(expressions.get(0));
    }

    @Test
    void isRememberedByAllCursorsOfTheSameSize() {
      keys(sized(300, 1, 2));
      limits.clear();

      keys(sized(300, 1, 2));

      assertThat(limits).isNotEmpty().allMatch(limit -> limit <= 300);
    }

    @Test
    void isAFailureOfItsOwnWhereOneRowIsTooLarge() {
      FerryException failure =
          catchThrowableOfType(FerryException.class, () -> sized(0, 1, 2).next());

      assertThat(failure.code()).isEqualTo(ErrorCode.ROW_TOO_LARGE);
      assertThat(failure).hasMessageContaining("single row");
      assertThat(limits.get(limits.size() - 1)).isEqualTo(1);
    }

    @Test
    void isAlsoRecognizedByTheProxysOwnLimit() {
      size.tooLarge(16);
      PageCursor cursor =
          new PageCursor(
              (expression, limit) -> {
                limits.add(limit);
                if (limit > 1) {
                  throw new FerryException(
                      ErrorCode.SERVER_REFUSED,
                      "Query: query results exceed the maxOutputSize Limit 104857600",
                      "",
                      null);
                }
                return page();
              },
              KEY,
              KeyRange.ALL,
              List.of(KEY),
              size,
              Throttle.NONE);

      assertThat(cursor.next()).isNull();
      assertThat(limits).startsWith(4).endsWith(1);
    }

    /** A server that sends at most {@code most} rows in a message, and has these keys. */
    private PageCursor sized(int most, long... all) {
      return new PageCursor(
          (expression, limit) -> {
            expressions.add(expression);
            limits.add(limit);
            if (limit > most) {
              throw new FerryException(
                  ErrorCode.ROW_TOO_LARGE,
                  "Query: trying to send message larger than max (9 vs. 8)",
                  "",
                  null);
            }
            for (long key : all) {
              if (!expression.startsWith("id > ")
                  || key > Long.parseLong(expression.substring(5))) {
                return page(key);
              }
            }
            return page();
          },
          KEY,
          KeyRange.ALL,
          List.of(KEY),
          size,
          Throttle.NONE);
    }
  }

  @Test
  void letsOtherFailuresOfAQueryThrough() {
    FerryException refused = new FerryException(ErrorCode.SERVER_REFUSED, "no", "", null);
    PageCursor cursor =
        new PageCursor(
            (expression, limit) -> {
              throw refused;
            },
            KEY,
            KeyRange.ALL,
            List.of(KEY),
            size,
            Throttle.NONE);

    assertThatThrownBy(cursor::next).isSameAs(refused);
  }

  @Test
  void stopsWhenInterruptedWhileItWaitsForItsShareOfTheRate() {
    Queue<QueryAnswer> pages = new ArrayDeque<>(List.of(page(1), page(2)));
    Throttle slow = Throttle.of(new ByteSize(1));
    PageCursor cursor =
        new PageCursor(
            (expression, limit) -> pages.remove(), KEY, KeyRange.ALL, List.of(KEY), size, slow);
    cursor.next();
    Thread.currentThread().interrupt();

    FerryException failure = catchThrowableOfType(FerryException.class, cursor::next);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure.code()).isEqualTo(ErrorCode.INTERRUPTED);
  }

  private PageCursor cursor(KeyRange range, QueryAnswer... pages) {
    return cursor(KEY, range, pages);
  }

  private PageCursor cursor(FieldSpec key, KeyRange range, QueryAnswer... pages) {
    Queue<QueryAnswer> left = new ArrayDeque<>(List.of(pages));
    return new PageCursor(
        (expression, limit) -> {
          expressions.add(expression);
          limits.add(limit);
          return left.remove();
        },
        key,
        range,
        List.of(key),
        size,
        Throttle.NONE);
  }

  private static long[] keys(PageCursor cursor) {
    List<Long> keys = new ArrayList<>();
    for (RecordBatch batch = cursor.next(); batch != null; batch = cursor.next()) {
      for (int row = 0; row < batch.rows(); row++) {
        keys.add(((Key.Int64) batch.key(row)).value());
      }
    }
    return keys.stream().mapToLong(Long::longValue).toArray();
  }

  private static KeyRange range(long from, long below) {
    return new KeyRange(new Key.Int64(from), new Key.Int64(below));
  }

  private static QueryAnswer page(long... keys) {
    return answer(new RecordBatch(List.of(KEY), List.of(new Column.Int64(keys)), keys.length));
  }

  private static QueryAnswer answer(RecordBatch batch) {
    return Answers.of(
        QueryResults.newBuilder().addAllFieldsData(FieldDataWriter.write(batch)).build());
  }
}
