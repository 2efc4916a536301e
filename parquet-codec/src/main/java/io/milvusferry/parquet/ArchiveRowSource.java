package io.milvusferry.parquet;

import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.manifest.PartitionEntry;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RowSource;
import io.milvusferry.record.Slice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** The rows of one collection of an archive, read from its parts. */
public final class ArchiveRowSource implements RowSource {
  private final ParquetCodec codec;
  private final ArchiveLayout layout;
  private final CollectionEntry collection;

  /** Reads the parts that the manifest lists for the collection; opens nothing yet. */
  public ArchiveRowSource(ParquetCodec codec, ArchiveLayout layout, CollectionEntry collection) {
    this.codec = codec;
    this.layout = layout;
    this.collection = collection;
  }

  /** What the manifest says of the collection. */
  public CollectionEntry collection() {
    return collection;
  }

  @Override
  public CollectionSchema schema() {
    return collection.description().schema();
  }

  @Override
  public List<String> partitions() {
    return collection.partitions().stream().map(PartitionEntry::name).toList();
  }

  /** Slices are cut between parts, so that no part is read twice. */
  @Override
  public List<Slice> slices(int wanted) {
    if (wanted < 1) {
      throw new IllegalArgumentException("%d slices".formatted(wanted));
    }
    long rowsPerSlice = Math.max(1, collection.rows() / wanted);
    List<Slice> slices = new ArrayList<>();
    for (PartitionEntry partition : collection.partitions()) {
      for (KeyRange range : PartSpan.cut(spans(partition), rowsPerSlice)) {
        slices.add(new Slice(partition.name(), range));
      }
    }
    return List.copyOf(slices);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException when the archive has no such partition or field
   * @throws io.milvusferry.error.FerryException with {@code PART_UNREADABLE} when a part is
   *     damaged; so does the cursor
   */
  @Override
  public BatchCursor scan(Slice slice, Set<String> fields) {
    PartitionEntry partition =
        collection.partitions().stream()
            .filter(entry -> entry.name().equals(slice.partition()))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no partition " + slice.partition()));
    List<FieldSpec> wanted = wanted(fields);
    List<BatchCursor> chains = new ArrayList<>();
    for (List<PartSpan> chain : PartSpan.chains(spans(partition), slice.range())) {
      chains.add(new ChainCursor(codec, chain, wanted, slice.range()));
    }
    return new MergeCursor(chains);
  }

  private List<FieldSpec> wanted(Set<String> names) {
    List<FieldSpec> all = schema().rowFields();
    for (String name : names) {
      if (schema().field(name).isEmpty()) {
        throw new IllegalArgumentException("no field " + name);
      }
    }
    return names.isEmpty()
        ? all
        : all.stream().filter(f -> f.primaryKey() || names.contains(f.name())).toList();
  }

  /** The parts of a partition by their smallest key. */
  private List<PartSpan> spans(PartitionEntry partition) {
    List<PartSpan> spans = new ArrayList<>();
    for (PartEntry part : collection.parts()) {
      if (part.partition() == partition.number()) {
        spans.add(PartSpan.of(part, layout, schema().primaryKey()));
      }
    }
    spans.sort(Comparator.comparing(PartSpan::min));
    return spans;
  }
}
