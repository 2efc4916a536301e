package io.milvusferry.exporter.segment;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.parquet.PayloadReader;
import io.milvusferry.record.Column;
import io.milvusferry.record.Columns;
import io.milvusferry.storage.ObjectStore;
import io.milvusferry.storage.StoredObject;
import io.milvusferry.storage.binlog.Binlog;
import io.milvusferry.storage.binlog.BinlogDescriptor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads the values in binlogs of one collection. A file that says that it belongs elsewhere, or
 * that cannot be read to its end, is a failure with its name.
 */
final class BinlogReader {
  private static final FieldSpec DELETE =
      FieldSpec.of("delete", FieldType.VARCHAR, Map.of("max_length", "65535"));
  private static final long DELETES = -1;
  private static final long ANY = -1;
  private static final Duration WRITTEN = Duration.ofSeconds(1);

  private final ObjectStore store;
  private final long collectionId;

  BinlogReader(ObjectStore store, long collectionId) {
    this.store = store;
    this.collectionId = collectionId;
  }

  /** The values of a field in one of the files of a unit; of arrays, their messages. */
  Column values(SegmentUnit unit, long fieldId, FieldSpec field) {
    StoredObject object = unit.logs().get(fieldId);
    if (object == null) {
      throw new FerryException(
          ErrorCode.SEGMENT_FILES_MISSING,
          "segment %d has no file of field %s (%d)"
              .formatted(unit.segment(), field.name(), fieldId),
          "The field may be younger than the segment; read by queries, with --reader api.",
          null);
    }
    return read(object, unit.partition(), unit.segment(), fieldId, field);
  }

  /**
   * Deletes as they are written, one text each. A compaction hands on the files of the segments
   * that it replaces, so they may say that they are of another segment.
   */
  Column.Bytes deletes(StoredObject object) {
    long partition = Long.parseLong(object.key().split("/", -1)[2]);
    return (Column.Bytes) read(object, partition, ANY, DELETES, DELETE);
  }

  /** A file that was being written when it was listed is whole a moment later. */
  private Column read(
      StoredObject listed, long partition, long segment, long fieldId, FieldSpec field) {
    try {
      return readOnce(listed, partition, segment, fieldId, field);
    } catch (FerryException first) {
      if (first.code() != ErrorCode.SEGMENT_FILE_DAMAGED
          && first.code() != ErrorCode.STORAGE_OBJECT_MISSING) {
        throw first;
      }
      LockSupport.parkNanos(WRITTEN.toNanos());
      StoredObject now =
          store.list(listed.key()).stream()
              .filter(object -> object.key().equals(listed.key()))
              .findFirst()
              .orElseThrow(() -> first);
      return readOnce(now, partition, segment, fieldId, field);
    }
  }

  private Column readOnce(
      StoredObject object, long partition, long segment, long fieldId, FieldSpec field) {
    byte[] file = store.read(object);
    try {
      Binlog binlog = Binlog.parse(file);
      requireKnown(object, binlog.descriptor());
      requirePlace(binlog.descriptor(), partition, segment, fieldId);
      List<Column> columns = new ArrayList<>();
      for (Binlog.Event event : binlog.events()) {
        columns.add(PayloadReader.read(field, event.payload()));
      }
      if (columns.isEmpty()) {
        throw new IOException("it has no values");
      }
      return columns.size() == 1 ? columns.get(0) : Columns.join(columns);
    } catch (IOException e) {
      throw damaged(object, String.valueOf(e.getMessage()), e);
    }
  }

  /** The failure of a file that is not what it should be. */
  FerryException damaged(
      StoredObject object, String reason, @org.jspecify.annotations.Nullable Exception cause) {
    return new FerryException(
        ErrorCode.SEGMENT_FILE_DAMAGED,
        "%s of %s is no whole binlog: %s".formatted(object.key(), store.name(), reason),
        "The storage is damaged there; what the server still holds in memory comes with --reader"
            + " api.",
        cause);
  }

  private void requireKnown(StoredObject object, BinlogDescriptor descriptor) {
    if (descriptor.encrypted()) {
      throw new FerryException(
          ErrorCode.SEGMENT_ENCRYPTED,
          "%s of %s is encrypted by the server".formatted(object.key(), store.name()),
          "Read by queries, with --reader api.",
          null);
    }
    if (descriptor.nullable() || !descriptor.version().isEmpty()) {
      throw new FerryException(
          ErrorCode.SEGMENT_FORM_UNKNOWN,
          "%s of %s has %s, which this build does not read from files"
              .formatted(
                  object.key(),
                  store.name(),
                  descriptor.nullable() ? "nulls" : "the form " + descriptor.version()),
          "Read by queries, with --reader api.",
          null);
    }
  }

  private void requirePlace(BinlogDescriptor descriptor, long partition, long segment, long fieldId)
      throws IOException {
    if (descriptor.collection() != collectionId
        || descriptor.partition() != partition
        || (segment != ANY && descriptor.segment() != segment)
        || descriptor.field() != fieldId) {
      throw new IOException(
          "it says that it is of field %d of segment %d of partition %d of collection %d"
              .formatted(
                  descriptor.field(),
                  descriptor.segment(),
                  descriptor.partition(),
                  descriptor.collection()));
    }
  }
}
