package io.milvusferry.parquet;

import com.sun.management.OperatingSystemMXBean;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.Column;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.parquet.hadoop.ParquetWriter;

/**
 * How fast rows of a key and a vector become a Parquet file: {@code PartThroughput WAY VECTORS
 * DIMENSION TARGET WARM MEASURED}. VECTORS holds little-endian floats, which are in memory before
 * any clock runs; keys are numbers from 0. Ways: {@code encoder} makes a part without digests,
 * {@code part} is what an export does, {@code record} is parquet-java's record API, {@code read}
 * reads TARGET. Prints seconds and CPU-seconds of the process for each measured run.
 */
public final class PartThroughput {
  private static final int BATCH_BYTES = 10 << 20;

  private final FieldSpec key = FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(false);
  private final List<FieldSpec> fields;
  private final int width;
  private final byte[] vectors;
  private final Path target;

  private PartThroughput(byte[] vectors, int dimension, Path target) {
    fields =
        List.of(
            key,
            FieldSpec.of(
                "vector", FieldType.FLOAT_VECTOR, Map.of("dim", String.valueOf(dimension))));
    width = dimension * Float.BYTES;
    this.vectors = vectors;
    this.target = target;
  }

  /** Runs one way of writing. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] words) throws IOException {
    PartThroughput bench =
        new PartThroughput(
            Files.readAllBytes(Path.of(words[1])), Integer.parseInt(words[2]), Path.of(words[3]));
    Work work = bench.way(words[0]);
    int warm = Integer.parseInt(words[4]);
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    for (int run = 0; run < warm + Integer.parseInt(words[5]); run++) {
      if (!words[0].equals("read")) {
        Files.deleteIfExists(bench.target);
      }
      System.gc();
      long began = System.nanoTime();
      long used = system.getProcessCpuTime();
      work.run();
      double cpu = (system.getProcessCpuTime() - used) / 1e9;
      if (run >= warm) {
        System.out.printf("%.4f;%.4f%n", (System.nanoTime() - began) / 1e9, cpu);
      }
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private Work way(String name) {
    return switch (name) {
      case "encoder" -> {
        List<RecordBatch> batches = batches();
        yield () -> encode(batches);
      }
      case "part" -> {
        List<RecordBatch> batches = batches();
        yield () -> export(batches);
      }
      case "record" -> {
        List<RecordParts.Row> rows = records();
        yield () -> record(rows);
      }
      case "read" -> this::read;
      default -> throw new IllegalArgumentException("no such way: " + name);
    };
  }

  private void encode(List<RecordBatch> batches) throws IOException {
    try (PartWriter writer =
        new ColumnarPartWriter(target, new PartHeader("speed", "", fields), new Undigested())) {
      batches.forEach(writer::write);
      writer.finish();
    }
  }

  private void export(List<RecordBatch> batches) throws IOException {
    ArchiveLayout layout = new ArchiveLayout(target.resolveSibling("archive"));
    PartTarget parts = new PartTarget(layout, "speed", 0, new PartHeader("speed", "", fields));
    try (RollingPartWriter writer =
        new RollingPartWriter(
            new ParquetCodec(),
            parts,
            RollingPartWriter.PART_BYTES,
            () -> 0,
            (upTo, written, buckets) -> move(layout.resolve(written.get(0).path())))) {
      batches.forEach(writer::write);
      writer.finish();
    }
  }

  private void move(Path part) {
    try {
      Files.move(part, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void record(List<RecordParts.Row> rows) throws IOException {
    try (ParquetWriter<RecordParts.Row> writer = RecordParts.open(target, false)) {
      for (RecordParts.Row row : rows) {
        writer.write(row);
      }
    }
    try (FileChannel file = FileChannel.open(target, java.nio.file.StandardOpenOption.WRITE)) {
      file.force(true);
    }
  }

  private void read() {
    long rows = 0;
    try (BatchCursor cursor = new ParquetCodec().openPart(target, fields, KeyRange.ALL)) {
      for (RecordBatch batch = cursor.next(); batch != null; batch = cursor.next()) {
        rows += batch.rows();
      }
    }
    if (rows != vectors.length / width) {
      throw new IllegalStateException(rows + " rows were read");
    }
  }

  /** Costs nothing, and says nothing. */
  private static final class Undigested extends MessageDigest {
    Undigested() {
      super("none");
    }

    @Override
    protected void engineUpdate(byte input) {}

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {}

    @Override
    protected byte[] engineDigest() {
      return new byte[32];
    }

    @Override
    protected void engineReset() {}
  }

  private List<RecordBatch> batches() {
    List<RecordBatch> batches = new ArrayList<>();
    int all = vectors.length / width;
    int most = BATCH_BYTES / width;
    for (int from = 0; from < all; from += most) {
      int to = Math.min(all, from + most);
      ByteBuffer bytes =
          ByteBuffer.wrap(java.util.Arrays.copyOfRange(vectors, from * width, to * width));
      batches.add(
          new RecordBatch(
              fields,
              List.of(
                  new Column.Int64(LongStream.range(from, to).toArray()),
                  new Column.Vectors(width, bytes)),
              to - from));
    }
    return batches;
  }

  private List<RecordParts.Row> records() {
    List<RecordParts.Row> rows = new ArrayList<>();
    java.nio.FloatBuffer floats =
        ByteBuffer.wrap(vectors).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    while (floats.hasRemaining()) {
      float[] vector = new float[width / Float.BYTES];
      floats.get(vector);
      rows.add(new RecordParts.Row(rows.size(), "", vector));
    }
    return rows;
  }
}
