package io.milvusferry.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.Column;
import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.RowSource;
import io.milvusferry.record.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlicePipelineTest {
  private static final int ROWS_PER_SLICE = 100;
  private static final int ROWS_PER_BATCH = 10;
  private static final int SLICES = 20;

  private static final int READERS = 4;

  private final ExecutorService executor = Executors.newFixedThreadPool(READERS);

  @AfterEach
  void stopReaders() {
    executor.shutdownNow();
  }

  @Test
  void handsRowsOnInTheOrderOfTheSlicesWhicheverIsReadFirst() throws InterruptedException {
    Numbers source = new Numbers(-1);
    List<Long> seen = new ArrayList<>();
    try (SlicePipeline pipeline =
        new SlicePipeline(source, source.slices(SLICES), READERS, executor, () -> {})) {
      for (SliceBatch next = pipeline.next(); next != null; next = pipeline.next()) {
        for (int row = 0; row < next.batch().rows(); row++) {
          seen.add(((Key.Int64) next.batch().key(row)).value());
        }
      }
    }
    assertThat(seen)
        .isEqualTo(LongStream.range(0, (long) SLICES * ROWS_PER_SLICE).boxed().toList());
  }

  @Test
  void neverHoldsMoreThanFiveBatchesPerReader() throws InterruptedException {
    Numbers source = new Numbers(-1);
    try (SlicePipeline pipeline =
        new SlicePipeline(source, source.slices(SLICES), READERS, executor, () -> {})) {
      for (SliceBatch next = pipeline.next(); next != null; next = pipeline.next()) {
        source.taken.incrementAndGet();
        assertThat(source.given.get() - source.taken.get()).isLessThanOrEqualTo(5L * READERS);
      }
    }
    assertThat(source.given.get()).isEqualTo((long) SLICES * ROWS_PER_SLICE / ROWS_PER_BATCH);
  }

  @Test
  void failsWithTheFailureOfTheSliceThatIsDueAfterTheRowsBeforeIt() throws InterruptedException {
    Numbers source = new Numbers(555);
    AtomicInteger rows = new AtomicInteger();
    try (SlicePipeline pipeline =
        new SlicePipeline(source, source.slices(SLICES), READERS, executor, () -> {})) {
      assertThatThrownBy(
              () -> {
                for (SliceBatch next = pipeline.next(); next != null; next = pipeline.next()) {
                  rows.addAndGet(next.batch().rows());
                }
              })
          .isInstanceOfSatisfying(
              FerryException.class,
              failure -> assertThat(failure.code()).isEqualTo(ErrorCode.SERVER_UNREACHABLE));
    }
    assertThat(rows.get()).isEqualTo(550);
  }

  @Test
  void looksAtTheSourceAfterEachSlice() throws InterruptedException {
    Numbers source = new Numbers(-1);
    AtomicInteger looks = new AtomicInteger();
    try (SlicePipeline pipeline =
        new SlicePipeline(
            source, source.slices(SLICES), READERS, executor, looks::incrementAndGet)) {
      SliceBatch next = pipeline.next();
      while (next != null) {
        next = pipeline.next();
      }
    }
    assertThat(looks.get()).isEqualTo(SLICES);
  }

  /** The numbers from 0 on as keys, cut into slices; fails at one of them. */
  private static final class Numbers implements RowSource {
    private static final FieldSpec KEY =
        FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(false);

    private final long failsAt;
    private final AtomicLong given = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();

    Numbers(long failsAt) {
      this.failsAt = failsAt;
    }

    @Override
    public CollectionSchema schema() {
      return new CollectionSchema(false, List.of(KEY));
    }

    @Override
    public List<String> partitions() {
      return List.of("_default");
    }

    @Override
    public List<Slice> slices(int wanted) {
      return LongStream.range(0, wanted)
          .mapToObj(
              i ->
                  new Slice(
                      "_default",
                      new KeyRange(
                          new Key.Int64(i * ROWS_PER_SLICE),
                          new Key.Int64((i + 1) * ROWS_PER_SLICE))))
          .toList();
    }

    @Override
    public BatchCursor scan(Slice slice, Set<String> fields) {
      return new BatchCursor() {
        private long next = start(slice);

        @Override
        public @Nullable RecordBatch next() {
          if (next == start(slice) + ROWS_PER_SLICE) {
            return null;
          }
          if (failsAt >= next && failsAt < next + ROWS_PER_BATCH) {
            throw new FerryException(ErrorCode.SERVER_UNREACHABLE, "gone", "Wait.", null);
          }
          long[] keys = LongStream.range(next, next + ROWS_PER_BATCH).toArray();
          next += ROWS_PER_BATCH;
          given.incrementAndGet();
          return new RecordBatch(List.of(KEY), List.of(new Column.Int64(keys)), keys.length);
        }

        @Override
        public void close() {}
      };
    }

    private static long start(Slice slice) {
      return slice.range().from() instanceof Key.Int64 from ? from.value() : 0;
    }
  }
}
