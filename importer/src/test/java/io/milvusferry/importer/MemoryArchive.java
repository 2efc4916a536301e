package io.milvusferry.importer;

import io.milvusferry.digest.Digest;
import io.milvusferry.digest.Fingerprint;
import io.milvusferry.digest.FingerprintSum;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.Consistency;
import io.milvusferry.manifest.ConsistencyMode;
import io.milvusferry.manifest.DatabaseEntry;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.FormatVersion;
import io.milvusferry.manifest.Lane;
import io.milvusferry.manifest.Manifest;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.manifest.PartitionEntry;
import io.milvusferry.manifest.SourceInfo;
import io.milvusferry.parity.SampledSearch;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.RowFingerprint;
import io.milvusferry.record.RowSource;
import io.milvusferry.record.Slice;
import io.milvusferry.testkit.SampleRows;
import io.milvusferry.verify.KnownFingerprints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * An archive whose rows are in memory. Its part files contain their own path, so that a server
 * which reads with {@link #read} knows a part wherever a link or copy of it lies.
 */
final class MemoryArchive implements ArchiveContents {
  List<SampledSearch> searches = List.of();
  List<DatabaseEntry> databases = List.of();

  private static final int BATCH_ROWS = 7;

  private final Path root;
  private final List<CollectionEntry> entries = new ArrayList<>();
  private final Map<String, RecordBatch> rows = new HashMap<>();

  /** Path of a part whose last row is not what its field says. */
  String unsound = "";

  /** Whether fields that may be null have a value in every row. */
  boolean complete;

  /** What becomes of the rows of collections that are added from now on. */
  UnaryOperator<RecordBatch> values = UnaryOperator.identity();

  MemoryArchive(Path root) {
    this.root = root.toAbsolutePath();
  }

  /**
   * Adds a collection with so many parts of {@code rowsPerPart} sample rows in each partition; the
   * last part of each partition goes by insert if {@code mixed}.
   */
  void add(CollectionDescription description, int partsEach, int rowsPerPart, boolean mixed) {
    int number = entries.size() + 1;
    String directory = ArchiveLayout.directoryName(number, description.name().name());
    SampleRows sample = new SampleRows(number);
    List<String> names =
        description.partitions().isEmpty() ? List.of("") : description.partitions();
    List<PartitionEntry> partitions = new ArrayList<>();
    List<PartEntry> parts = new ArrayList<>();
    FingerprintSum total = new FingerprintSum();
    long first = 0;
    for (int p = 0; p < names.size(); p++) {
      FingerprintSum inPartition = new FingerprintSum();
      for (int i = 0; i < partsEach; i++) {
        RecordBatch batch = batch(sample, description.schema(), first, rowsPerPart);
        first += rowsPerPart;
        Lane lane = mixed && i == partsEach - 1 ? Lane.INSERT : Lane.BULK;
        PartEntry part = part(ArchiveLayout.partPath(directory, p, i), p, batch, lane);
        inPartition.add(part.fingerprint());
        parts.add(part);
      }
      total.add(inPartition.value());
      partitions.add(new PartitionEntry(p, names.get(p), inPartition.value()));
    }
    entries.add(
        new CollectionEntry(
            number,
            directory,
            description,
            new Consistency(ConsistencyMode.QUIET, 1, List.of()),
            partitions,
            first,
            List.of(),
            total.value(),
            parts));
  }

  private RecordBatch batch(SampleRows sample, CollectionSchema schema, long first, int rows) {
    if (!complete) {
      return values.apply(sample.rows(schema, first, rows));
    }
    CollectionSchema full =
        schema.withFields(schema.fields().stream().map(field -> field.withNulls(false)).toList());
    return new RecordBatch(schema.rowFields(), sample.rows(full, first, rows).columns(), rows);
  }

  private PartEntry part(String path, int partition, RecordBatch batch, Lane lane) {
    byte[] content = path.getBytes(StandardCharsets.UTF_8);
    Path file = root.resolve(path);
    try {
      Files.createDirectories(file.resolveSibling(""));
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    rows.put(path, batch);
    RowFingerprint sum = new RowFingerprint(batch.fields());
    sum.add(batch);
    Fingerprint fingerprint = sum.total();
    return new PartEntry(
        path,
        partition,
        batch.rows(),
        content.length,
        Digest.ofContent(content),
        batch.key(0).text(),
        batch.key(batch.rows() - 1).text(),
        fingerprint,
        lane,
        "2.3.4");
  }

  private RecordBatch rowsOf(String path) {
    RecordBatch batch = rows.get(path);
    if (batch == null) {
      throw new IllegalArgumentException("not a part: " + path);
    }
    return batch;
  }

  /**
   * Reads a staged part as a server does that imports it.
   *
   * @throws IOException in the words of Milvus, when there is no such file or it has a field that
   *     the schema lacks
   */
  List<RecordBatch> read(Path file, CollectionSchema schema) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException(
          "failed to get file size of '%s', error:stat %s: no such file or directory"
              .formatted(file, file));
    }
    RecordBatch batch = rowsOf(Files.readString(file, StandardCharsets.UTF_8));
    for (FieldSpec field : batch.fields()) {
      if (schema.field(field.name()).isEmpty()) {
        throw new IOException(
            "the field: %s is not in schema, if it's a dynamic field, please reformat data"
                .formatted(field.name()));
      }
    }
    return List.of(batch);
  }

  CollectionEntry entry(int index) {
    return entries.get(index);
  }

  @Override
  public List<SampledSearch> searches(CollectionEntry entry) {
    return searches;
  }

  @Override
  public Digest id() {
    return Digest.ofContent(root.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Manifest manifest() {
    return new Manifest(
        FormatVersion.CURRENT,
        List.of(),
        Instant.EPOCH,
        "test",
        "memory00",
        new SourceInfo("v2.3.5", List.of()),
        new Consistency(ConsistencyMode.QUIET, 1, List.of()),
        databases,
        entries);
  }

  @Override
  public Path file(PartEntry part) {
    return root.resolve(part.path());
  }

  @Override
  public BatchCursor open(CollectionEntry entry, PartEntry part) {
    return new ListCursor(rowsOf(part.path()), BATCH_ROWS);
  }

  @Override
  public void requireSound(CollectionEntry entry, PartEntry part) {
    if (part.path().equals(unsound)) {
      throw new FerryException(
          ErrorCode.PART_UNREADABLE, "part " + unsound + " cannot be read", "Fetch it.", null);
    }
  }

  @Override
  public RowSource rows(CollectionEntry entry) {
    return new RowSource() {
      @Override
      public CollectionSchema schema() {
        return entry.description().schema();
      }

      @Override
      public List<String> partitions() {
        return entry.partitions().stream().map(PartitionEntry::name).toList();
      }

      @Override
      public List<Slice> slices(int wanted) {
        return partitions().stream().map(name -> new Slice(name, KeyRange.ALL)).toList();
      }

      @Override
      public BatchCursor scan(Slice slice, Set<String> fields) {
        int number = partitions().indexOf(slice.partition());
        List<RecordBatch> batches =
            entry.parts().stream()
                .filter(part -> part.partition() == number)
                .map(part -> rowsOf(part.path()))
                .toList();
        return new ListCursor(batches, BATCH_ROWS);
      }
    };
  }

  @Override
  public Optional<KnownFingerprints> known(CollectionEntry entry) {
    return Optional.empty();
  }

  /** A schema of several types. */
  static CollectionSchema schema(FieldType keyType, boolean autoId) {
    CollectionSchema sample =
        SampleRows.schema(
            keyType,
            List.of(
                FieldSpec.of("number", FieldType.INT32, Map.of()),
                FieldSpec.of("text", FieldType.VARCHAR, Map.of("max_length", "200"))),
            SampleRows.vector(FieldType.FLOAT_VECTOR, 4));
    List<FieldSpec> fields = new ArrayList<>(sample.fields());
    fields.set(0, fields.get(0).asPrimaryKey(autoId));
    return new CollectionSchema(true, fields);
  }
}
