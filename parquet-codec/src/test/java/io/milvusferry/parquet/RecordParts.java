package io.milvusferry.parquet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;

/** Rows of a key and a vector, written as parquet-java's documents say: record by record. */
public final class RecordParts {
  private static final long ROW_GROUP_BYTES = 64L * 1024 * 1024;
  private static final String VECTOR =
      "required group vector (LIST) { repeated group list { required float element; } }";

  /**
   * One row.
   *
   * @param label empty where the rows have none
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares rows
  public record Row(long id, String label, float[] vector) {}

  private RecordParts() {}

  /**
   * Opens a writer with the settings that cost least: PLAIN, no compression, no checksums.
   *
   * @param labelled whether rows have labels
   */
  public static ParquetWriter<Row> open(Path file, boolean labelled) throws IOException {
    return new Builder(new LocalOutputFile(file), labelled)
        .withConf(new PlainParquetConfiguration())
        .withCodecFactory(new ZstdCodec())
        .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
        .withWriteMode(org.apache.parquet.hadoop.ParquetFileWriter.Mode.OVERWRITE)
        .withWriterVersion(ParquetProperties.WriterVersion.PARQUET_1_0)
        .withDictionaryEncoding(false)
        .withStatisticsEnabled("vector.list.element", false)
        .withSizeStatisticsEnabled(false)
        .withPageWriteChecksumEnabled(false)
        .withRowGroupSize(ROW_GROUP_BYTES)
        .build();
  }

  private static final class Builder extends ParquetWriter.Builder<Row, Builder> {
    private final boolean labelled;

    Builder(OutputFile file, boolean labelled) {
      super(file);
      this.labelled = labelled;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // abstract nevertheless
    protected WriteSupport<Row> getWriteSupport(Configuration configuration) {
      return new Rows(labelled);
    }

    @Override
    protected WriteSupport<Row> getWriteSupport(ParquetConfiguration configuration) {
      return new Rows(labelled);
    }
  }

  private static final class Rows extends WriteSupport<Row> {
    private final boolean labelled;
    private @Nullable RecordConsumer out;

    Rows(boolean labelled) {
      this.labelled = labelled;
    }

    private WriteContext context() {
      String label = labelled ? "required binary label (STRING);" : "";
      MessageType schema =
          MessageTypeParser.parseMessageType(
              "message rows { required int64 id; %s %s }".formatted(label, VECTOR));
      return new WriteContext(schema, Map.of());
    }

    @Override
    @SuppressWarnings("deprecation") // abstract nevertheless
    public WriteContext init(Configuration configuration) {
      return context();
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
      return context();
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
      out = consumer;
    }

    @Override
    public void write(Row row) {
      RecordConsumer to = Objects.requireNonNull(out);
      to.startMessage();
      to.startField("id", 0);
      to.addLong(row.id());
      to.endField("id", 0);
      if (labelled) {
        to.startField("label", 1);
        to.addBinary(Binary.fromString(row.label()));
        to.endField("label", 1);
      }
      int vector = labelled ? 2 : 1;
      to.startField("vector", vector);
      to.startGroup();
      to.startField("list", 0);
      for (float value : row.vector()) {
        to.startGroup();
        to.startField("element", 0);
        to.addFloat(value);
        to.endField("element", 0);
        to.endGroup();
      }
      to.endField("list", 0);
      to.endGroup();
      to.endField("vector", vector);
      to.endMessage();
    }
  }
}
