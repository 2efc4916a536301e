package io.milvusferry.importer;

import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.RowSource;
import io.milvusferry.record.Slice;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Looks for nulls among the rows of an archive, field by field, and remembers the answer. */
final class NullSearch {
  private final ArchiveContents archive;
  private final Map<String, Boolean> known = new HashMap<>();

  NullSearch(ArchiveContents archive) {
    this.archive = archive;
  }

  /**
   * Whether a row has no value for the field. Of contents that still grow nobody knows, so they
   * count as having nulls.
   */
  boolean has(CollectionEntry entry, FieldSpec field) {
    if (archive.growing()) {
      return true;
    }
    return known.computeIfAbsent(
        entry.number() + "." + field.name(), absent -> search(entry, field));
  }

  private boolean search(CollectionEntry entry, FieldSpec field) {
    RowSource rows = archive.rows(entry);
    for (Slice slice : rows.slices(1)) {
      try (BatchCursor cursor = rows.scan(slice, Set.of(field.name()))) {
        for (@Nullable RecordBatch batch = cursor.next(); batch != null; batch = cursor.next()) {
          Column column = batch.column(field.name());
          if (IntStream.range(0, batch.rows()).anyMatch(column::isNull)) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
