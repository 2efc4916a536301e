package io.milvusferry.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlicePlannerTest {
  private static final String PARTITION = "p";

  @ParameterizedTest
  @CsvSource({"200000, 4", "200000, 100", "200000, 1", "100001, 3", "16384, 8", "60000, 2", "1, 5"})
  void slicesAreAscendingDisjointAndHoldEveryKey(int rows, int wanted) {
    long[] keys = keys(rows, 20261107);

    List<Slice> slices = planner(keys).slices(PARTITION, rows, wanted);

    assertCover(slices, keys);
  }

  @ParameterizedTest
  @CsvSource({"0.2", "0.9", "1.1", "5"})
  void aWrongNumberOfRowsCostsBalanceNotRows(double factor) {
    long[] keys = keys(100_000, 7);

    List<Slice> slices = planner(keys).slices(PARTITION, (long) (keys.length * factor), 4);

    assertCover(slices, keys);
  }

  @Test
  void areOfAboutEqualSize() {
    long[] keys = keys(400_000, 11);

    List<Slice> slices = planner(keys).slices(PARTITION, keys.length, 4);

    assertThat(slices).hasSizeBetween(4, 6);
    for (Slice slice : slices.subList(0, slices.size() - 1)) {
      assertThat(rowsIn(slice, keys)).isBetween(80_000L, 100_000L);
    }
    assertThat(rowsIn(slices.get(slices.size() - 1), keys)).isBetween(1L, 120_000L);
  }

  @Test
  void aSmallPartitionIsOneSliceAndTheServerIsNotAsked() {
    AtomicInteger asked = new AtomicInteger();
    SlicePlanner planner =
        new SlicePlanner(
            (partition, range, rows) -> {
              asked.incrementAndGet();
              return Optional.empty();
            });

    assertThat(planner.slices(PARTITION, 16_383, 8))
        .containsExactly(new Slice(PARTITION, KeyRange.ALL));
    assertThat(planner.slices(PARTITION, 0, 8)).containsExactly(new Slice(PARTITION, KeyRange.ALL));
    assertThat(asked).hasValue(0);
  }

  @Test
  void withoutAnyBoundThereIsOneSliceOfEverything() {
    SlicePlanner planner = new SlicePlanner((partition, range, rows) -> Optional.empty());

    assertThat(planner.slices(PARTITION, 1_000_000, 8))
        .containsExactly(new Slice(PARTITION, KeyRange.ALL));
  }

  @Test
  void rowsThatVanishWhilePlanningLeaveACompleteCover() {
    long[] keys = keys(100_000, 13);
    AtomicInteger asked = new AtomicInteger();
    SlicePlanner.Ranks ranks = ranks(keys);
    SlicePlanner planner =
        new SlicePlanner(
            (partition, range, rows) ->
                asked.incrementAndGet() > 2
                    ? Optional.empty()
                    : ranks.keyAt(partition, range, rows));

    List<Slice> slices = planner.slices(PARTITION, keys.length, 100);

    assertThat(slices).hasSize(3);
    assertCover(slices, keys);
  }

  @Test
  void asksForNoRankBeyondTheServersWindow() {
    long[] keys = keys(200_000, 17);
    List<Integer> ranks = new ArrayList<>();
    SlicePlanner planner =
        new SlicePlanner(
            (partition, range, rows) -> {
              ranks.add(rows);
              return ranks(keys).keyAt(partition, range, rows);
            });

    planner.slices(PARTITION, keys.length, 2);

    assertThat(ranks).isNotEmpty().allMatch(rank -> rank + 1 <= 16_384);
  }

  private static void assertCover(List<Slice> slices, long[] keys) {
    assertThat(slices).allMatch(slice -> slice.partition().equals(PARTITION));
    assertThat(slices.get(0).range().from()).isNull();
    assertThat(slices.get(slices.size() - 1).range().below()).isNull();
    for (int i = 1; i < slices.size(); i++) {
      assertThat(slices.get(i).range().from()).isNotNull();
      assertThat(slices.get(i).range().from()).isEqualTo(slices.get(i - 1).range().below());
      assertThat(slices.get(i).range().isEmpty()).isFalse();
    }
    for (int i = 0; i < keys.length; i += 97) {
      Key one = new Key.Int64(keys[i]);
      assertThat(slices.stream().filter(slice -> slice.range().contains(one)).count()).isOne();
    }
    long covered = slices.stream().mapToLong(slice -> rowsIn(slice, keys)).sum();
    assertThat(covered).isEqualTo(keys.length);
  }

  private static long rowsIn(Slice slice, long[] keys) {
    return java.util.Arrays.stream(keys)
        .filter(key -> slice.range().contains(new Key.Int64(key)))
        .count();
  }

  private static SlicePlanner planner(long[] keys) {
    return new SlicePlanner(ranks(keys));
  }

  private static SlicePlanner.Ranks ranks(long[] keys) {
    return (partition, range, rows) -> {
      Key from = range.from();
      int start = 0;
      if (from instanceof Key.Int64 number) {
        int found = java.util.Arrays.binarySearch(keys, number.value());
        start = found < 0 ? -found - 1 : found;
      }
      return start + rows < keys.length
          ? Optional.of(new Key.Int64(keys[start + rows]))
          : Optional.empty();
    };
  }

  private static long[] keys(int rows, long seed) {
    return new Random(seed).longs().distinct().limit(rows).sorted().toArray();
  }
}
