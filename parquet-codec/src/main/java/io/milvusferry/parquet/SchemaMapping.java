package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.FormatVersion;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;

/**
 * The importable profile: the columns of a part and how they are encoded, so that servers from
 * 2.3.4 on, pyarrow, DuckDB and Spark read it as it is. For one thread.
 */
final class SchemaMapping {
  /** Key of the footer that is in every part of ours. */
  static final String OWN = "ferry.formatVersion";

  private static final int PAGE_BYTES = 1024 * 1024;
  private static final int MIN_ROWS_TO_PAGE_CHECK = 16;
  private static final int MAX_ROWS_TO_PAGE_CHECK = 512;
  private static final int STATISTICS_BYTES = 64;

  private final List<FieldCodec> codecs;
  private final MessageType schema;
  private final Set<String> vectorLeaves = new HashSet<>();
  private final Map<FieldCodec, FloatVectorLevels> levels = new HashMap<>();

  SchemaMapping(List<FieldSpec> fields) {
    codecs = fields.stream().map(FieldCodec::of).toList();
    schema = new MessageType("rows", codecs.stream().map(FieldCodec::type).toList());
    for (FieldCodec codec : codecs) {
      for (int i = 0; i < codec.leaves().size(); i++) {
        if (codec.held().get(i).type().isVector()) {
          vectorLeaves.add(codec.leaves().get(i));
        }
      }
    }
  }

  List<FieldCodec> codecs() {
    return codecs;
  }

  MessageType schema() {
    return schema;
  }

  /** The schema of the columns that Parquet writes value by value. */
  MessageType valueSchema() {
    return new MessageType(
        schema.getName(),
        codecs.stream()
            .filter(codec -> codec instanceof ValueCodec)
            .map(FieldCodec::type)
            .toList());
  }

  /** The leaf columns of a field. */
  List<ColumnDescriptor> leaves(FieldCodec codec) {
    return codec.leaves().stream()
        .map(leaf -> schema.getColumnDescription(leaf.split("\\.", -1)))
        .toList();
  }

  /** The levels of a field of float vectors; for one thread. */
  FloatVectorLevels levels(FieldCodec codec) {
    return levels.computeIfAbsent(
        codec,
        vectors ->
            new FloatVectorLevels(leaves(vectors).get(0), vectors.field.dimension(), properties()));
  }

  /** Vectors are noise to a general compressor, everything else is not. */
  CompressionCodecName compression(ColumnDescriptor leaf) {
    return vectorLeaves.contains(String.join(".", leaf.getPath()))
        ? CompressionCodecName.UNCOMPRESSED
        : CompressionCodecName.ZSTD;
  }

  /** Version 1 pages; dictionaries for texts and integers alone; no statistics on vectors. */
  ParquetProperties properties() {
    ParquetProperties.Builder properties =
        ParquetProperties.builder()
            .withWriterVersion(ParquetProperties.WriterVersion.PARQUET_1_0)
            .withPageSize(PAGE_BYTES)
            .withDictionaryPageSize(PAGE_BYTES)
            .withMinRowCountForPageSizeCheck(MIN_ROWS_TO_PAGE_CHECK)
            .withMaxRowCountForPageSizeCheck(MAX_ROWS_TO_PAGE_CHECK)
            .withPageWriteChecksumEnabled(true)
            .withStatisticsTruncateLength(STATISTICS_BYTES)
            .withSizeStatisticsEnabled(false)
            .withDictionaryEncoding(false);
    for (FieldCodec codec : codecs) {
      for (int i = 0; i < codec.leaves().size(); i++) {
        String leaf = codec.leaves().get(i);
        boolean vector = vectorLeaves.contains(leaf);
        properties.withStatisticsEnabled(leaf, !vector);
        properties.withDictionaryEncoding(leaf, !vector && worthADictionary(codec.held().get(i)));
      }
    }
    return properties.build();
  }

  /** What a stray file says of itself: nothing that differs between two exports of these rows. */
  static Map<String, String> footer(PartHeader header) {
    Map<String, String> footer = new TreeMap<>();
    footer.put(OWN, String.valueOf(FormatVersion.CURRENT));
    footer.put("ferry.collection", header.collection());
    footer.put("ferry.partition", header.partition());
    for (FieldSpec field : header.fields()) {
      footer(footer, field);
      field.members().forEach(member -> footer(footer, member.inside(field)));
    }
    return footer;
  }

  private static void footer(Map<String, String> footer, FieldSpec field) {
    if (field.type().isDenseVector()) {
      footer.put("ferry.vector." + field.name(), field.type() + " " + field.dimension());
    } else if (field.type().isVector()) {
      footer.put("ferry.vector." + field.name(), field.type().name());
    }
  }

  private static boolean worthADictionary(FieldSpec field) {
    FieldType type = field.elementType() == null ? field.type() : field.elementType();
    return switch (type) {
      case INT8, INT16, INT32, INT64, VARCHAR, TEXT, JSON, GEOMETRY, TIMESTAMPTZ -> true;
      default -> false;
    };
  }
}
