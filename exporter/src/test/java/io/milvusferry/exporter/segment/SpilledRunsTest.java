package io.milvusferry.exporter.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Key;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.RowDigester;
import io.milvusferry.testkit.SampleRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sorted rows that wait on disk for their turn. */
class SpilledRunsTest {
  private static final long SEED = 20_261_201;
  private static final int UNITS = 7;
  private static final int ROWS = 400;

  @TempDir Path directory;

  private final Random random = new Random(SEED);

  /** Units that are in memory. */
  private static class LoadedRuns implements RowRuns {
    private final Deque<UnitRows> units;
    private int closed;

    LoadedRuns(List<UnitRows> units) {
      this.units = new ArrayDeque<>(units);
    }

    @Override
    public @Nullable Key next() {
      UnitRows first = units.peek();
      return first == null ? null : first.keys().key(0);
    }

    @Override
    public Optional<RowRun> take() {
      UnitRows rows = units.remove();
      return Optional.of(
          new RowRun() {
            @Override
            public UnitRows rows() {
              return rows;
            }

            @Override
            public boolean advance() {
              return false;
            }

            @Override
            public void close() {
              closed++;
            }
          });
    }

    @Override
    public void close() {
      units.clear();
    }
  }

  private static CollectionSchema schema(FieldType key) {
    return SampleRows.schema(
        key, SampleRows.scalarFields(), SampleRows.vector(FieldType.FLOAT_VECTOR, 4));
  }

  /** Units whose keys overlap, some of them in several units, sorted as units are. */
  private List<UnitRows> units(FieldType key) {
    CollectionSchema schema = schema(key);
    SampleRows sample = new SampleRows(SEED);
    List<UnitRows> units = new ArrayList<>();
    for (int unit = 0; unit < UNITS; unit++) {
      RecordBatch all = sample.rows(schema, 0, UNITS * ROWS / 2);
      int[] some =
          IntStream.range(0, all.rows()).filter(row -> random.nextInt(UNITS) < 2).toArray();
      long[] timestamps = IntStream.of(some).mapToLong(row -> random.nextLong(1_000)).toArray();
      RecordBatch batch = all.select(some);
      units.add(new UnitRows(batch, timestamps, batch.byteSize()));
    }
    units.sort(Comparator.comparing(unit -> unit.keys().key(0)));
    return units;
  }

  private List<String> merged(RowRuns runs) throws InterruptedException {
    List<String> rows = new ArrayList<>();
    try (VisibleRows visible = new VisibleRows(runs, new Deletes(List.of()), false, directory)) {
      for (RecordBatch batch = visible.next(); batch != null; batch = visible.next()) {
        RowDigester digester = new RowDigester(batch.fields());
        digester.open(batch);
        byte[] digest = new byte[RowDigester.LENGTH];
        for (int row = 0; row < batch.rows(); row++) {
          digester.digest(row, digest);
          rows.add(batch.key(row).text() + " " + HexFormat.of().formatHex(digest));
        }
      }
    }
    return rows;
  }

  private RowRuns spilled(List<UnitRows> units, long room) throws Exception {
    LoadedRuns loaded = new LoadedRuns(units);
    RowRuns spilled =
        SpilledRuns.write(loaded, units.size(), units.get(0).batch().fields(), directory, room);
    assertThat(loaded.closed).as("units that are not in memory any more").isEqualTo(UNITS);
    return spilled;
  }

  @ParameterizedTest
  @EnumSource(
      value = FieldType.class,
      names = {"INT64", "VARCHAR"})
  void mergeIntoTheRowsThatUnitsInMemoryMergeInto(FieldType key) throws Exception {
    List<UnitRows> units = units(key);
    List<String> expected = merged(new LoadedRuns(units));

    assertThat(merged(spilled(units, 1))).isEqualTo(expected).hasSizeGreaterThan(ROWS);
    assertThat(merged(spilled(units, Long.MAX_VALUE))).isEqualTo(expected);
  }

  @Test
  void leaveNoFile() throws Exception {
    try (RowRuns runs = spilled(units(FieldType.INT64), 1)) {
      assertThat(runs.take()).isPresent();
    }

    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void leaveNoFileWhereUnitsCannotBeRead() throws IOException {
    RowRuns broken =
        new LoadedRuns(units(FieldType.INT64)) {
          @Override
          public Optional<RowRun> take() {
            throw new IllegalStateException("a unit is damaged");
          }
        };

    assertThatThrownBy(() -> SpilledRuns.write(broken, UNITS, List.of(), directory, 1))
        .hasMessage("a unit is damaged");

    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).isEmpty();
    }
  }
}
