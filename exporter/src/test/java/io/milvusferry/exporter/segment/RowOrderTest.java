package io.milvusferry.exporter.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowOrderTest {
  @Test
  void sortsByKeyAndTheNewestFirst() {
    Random random = new Random(4);
    for (int count = 0; count < 300; count++) {
      long[] keys = random.longs(count, -20, 20).toArray();
      long[] timestamps = random.longs(count, 0, 5).toArray();
      int[] rows = new RowOrder(new Keys.Numbers(keys), timestamps).sort(range(count));
      assertThat(rows)
          .containsExactly(
              Arrays.stream(range(count))
                  .boxed()
                  .sorted(
                      Comparator.<Integer>comparingLong(row -> keys[row])
                          .thenComparing(row -> -timestamps[row])
                          .thenComparing(row -> -row))
                  .mapToInt(row -> row)
                  .toArray());
    }
  }

  private static int[] range(int count) {
    return IntStream.range(0, count).toArray();
  }
}
