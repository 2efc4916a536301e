package io.milvusferry.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PageSizeTest {
  private static final int TEN_MEBIBYTES = 10 << 20;

  private final PageSize size = new PageSize();

  @Test
  void asksForSoManyRowsAsFillAPageOfTenMebibytes() {
    size.seen(1000, 4_096_000);

    assertThat(size.limit()).isEqualTo(TEN_MEBIBYTES / 4096);
  }

  @Test
  void neverAsksForMoreThanTheServersWindow() {
    size.seen(1000, 1000);

    assertThat(size.limit()).isEqualTo(16_384);
  }

  @Test
  void asksForOneRowWhereRowsAreLargerThanAPage() {
    size.seen(1, 100 << 20);

    assertThat(size.limit()).isEqualTo(1);
  }

  @Test
  void remembersThatAPageWasTooLargeAlsoAfterSmallOnes() {
    size.seen(1000, 1000);
    size.tooLarge(16_384);
    int smaller = size.limit();
    size.seen(10, 10);

    assertThat(smaller).isLessThan(16_384);
    assertThat(size.limit()).isEqualTo(smaller);
  }

  @Test
  void comesDownToOneRowWhenEverythingIsTooLarge() {
    for (int i = 0; i < 20; i++) {
      size.tooLarge(size.limit());
    }

    assertThat(size.limit()).isEqualTo(1);
  }

  @Test
  void isAlwaysBetweenOneAndTheWindow() {
    Random random = new Random(20261107);
    for (int i = 0; i < 10_000; i++) {
      int rows = 1 + random.nextInt(16_384);
      if (random.nextInt(10) == 0) {
        size.tooLarge(size.limit());
      } else {
        size.seen(rows, random.nextInt(1 << random.nextInt(1, 31)));
      }
      assertThat(size.limit()).isBetween(1, 16_384);
    }
  }
}
