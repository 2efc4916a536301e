package io.milvusferry.exporter.segment;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.storage.ObjectStore;
import io.milvusferry.storage.StoredObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where the rows and deletes of one collection lie: {@code
 * insert_log/collection/partition/segment/field/log} and {@code
 * delta_log/collection/partition/segment/log}, each part of a name a number. Logs ascend in the
 * order in which they were written.
 */
final class SegmentFiles {
  private static final String INSERTS = "insert_log/";
  private static final String DELETES = "delta_log/";

  /** Partition of deletes that concern all partitions. */
  static final long ALL_PARTITIONS = -1;

  /** The files with rows of one segment, by field. */
  private record Rows(long partition, Map<Long, List<StoredObject>> byField) {}

  /** A log of deletes. */
  record DeleteFile(long partition, long segment, StoredObject object) {}

  private final String collection;
  private final String store;
  private final Map<Long, Rows> inserts = new HashMap<>();
  private final List<DeleteFile> deletes = new ArrayList<>();

  private SegmentFiles(String collection, String store) {
    this.collection = collection;
    this.store = store;
  }

  /**
   * Lists the files of a collection.
   *
   * @param collection for messages
   * @throws FerryException {@link ErrorCode#SEGMENT_FORM_UNKNOWN} where files lie there that no
   *     storage of version 1 has, and what the store throws
   */
  static SegmentFiles list(ObjectStore store, String collection, long collectionId) {
    SegmentFiles files = new SegmentFiles(collection, store.name());
    for (StoredObject object : store.list(INSERTS + collectionId + "/")) {
      long[] ids = files.numbers(object, INSERTS, 5);
      files
          .inserts
          .computeIfAbsent(ids[2], first -> new Rows(ids[1], new TreeMap<>()))
          .byField()
          .computeIfAbsent(ids[3], first -> new ArrayList<>())
          .add(object);
    }
    for (StoredObject object : store.list(DELETES + collectionId + "/")) {
      long[] ids = files.numbers(object, DELETES, 4);
      files.deletes.add(new DeleteFile(ids[1], ids[2], object));
    }
    return files;
  }

  /** Ids of all segments that have files with rows, also of those that are no longer in use. */
  Set<Long> segments() {
    return Set.copyOf(inserts.keySet());
  }

  /** The partition of a segment that has files with rows. */
  long partition(long segment) {
    return java.util.Objects.requireNonNull(inserts.get(segment)).partition();
  }

  /**
   * The units of a segment, in the order in which they were written; none if it has no files.
   *
   * @param whole whether the server has written all of it; else a last unit may be on its way, of
   *     which some fields have no file yet, and is left out
   * @throws FerryException {@link ErrorCode#SEGMENT_FILES_MISSING} where one of its fields has
   *     fewer files than another
   */
  List<SegmentUnit> units(long segment, boolean whole) {
    Rows rows = inserts.getOrDefault(segment, new Rows(0, Map.of()));
    Map<Long, List<StoredObject>> byField = rows.byField();
    int most = byField.values().stream().mapToInt(List::size).max().orElse(0);
    int least = byField.values().stream().mapToInt(List::size).min().orElse(0);
    if (whole && least != most) {
      throw missing(
          "segment %d of %s has %d files of one field and %d of another"
              .formatted(segment, collection, least, most));
    }
    byField.values().forEach(logs -> logs.sort(Comparator.comparingLong(SegmentFiles::log)));
    List<SegmentUnit> units = new ArrayList<>();
    for (int i = 0; i < least; i++) {
      Map<Long, StoredObject> logs = new TreeMap<>();
      for (Map.Entry<Long, List<StoredObject>> field : byField.entrySet()) {
        logs.put(field.getKey(), field.getValue().get(i));
      }
      units.add(new SegmentUnit(segment, rows.partition(), i, logs));
    }
    return units;
  }

  /** All files of deletes. */
  List<StoredObject> deletes() {
    return deletes.stream().map(DeleteFile::object).toList();
  }

  /** Files of deletes that concern rows of this partition, of any segment. */
  List<StoredObject> deletes(long partition) {
    return deletes.stream()
        .filter(file -> file.partition() == partition || file.partition() == ALL_PARTITIONS)
        .map(DeleteFile::object)
        .toList();
  }

  /**
   * The failure of a segment that has rows but no files here.
   *
   * @param none whether no segment of the collection has any
   */
  FerryException absent(SegmentSnapshot.PlannedSegment segment, boolean none) {
    return none
        ? new FerryException(
            ErrorCode.STORAGE_FOREIGN,
            "%s has no files of %s, whose segment %d has %d rows"
                .formatted(store, collection, segment.id(), segment.rows()),
            "Check that the profile's storage is that of this server, with its root; or read by"
                + " queries, with --reader api.",
            null)
        : missing(
            "segment %d of %s has %d rows, but no files in %s"
                .formatted(segment.id(), collection, segment.rows(), store));
  }

  private static FerryException missing(String message) {
    return new FerryException(
        ErrorCode.SEGMENT_FILES_MISSING,
        message,
        "The storage has lost files, or is not this server's; read by queries, with --reader api.",
        null);
  }

  private static long log(StoredObject object) {
    return Long.parseLong(object.key().substring(object.key().lastIndexOf('/') + 1));
  }

  private long[] numbers(StoredObject object, String prefix, int count) {
    String[] parts = object.key().substring(prefix.length()).split("/", -1);
    long[] ids = new long[parts.length];
    boolean known = parts.length == count;
    for (int i = 0; i < parts.length && known; i++) {
      known = parts[i].matches("-1|\\d{1,18}");
      ids[i] = known ? Long.parseLong(parts[i]) : 0;
    }
    if (!known) {
      throw new FerryException(
          ErrorCode.SEGMENT_FORM_UNKNOWN,
          "%s has the file %s, which is not named as binlogs of storage version 1 are"
              .formatted(store, object.key()),
          "Read by queries, with --reader api.",
          null);
    }
    return ids;
  }
}
