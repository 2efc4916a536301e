package io.milvusferry.exporter.segment;

import io.milvusferry.connector.ArrayValues;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads units of one collection as of one moment. Safe for several threads. */
final class UnitReader {
  private static final FieldSpec TIMESTAMP = FieldSpec.of("Timestamp", FieldType.INT64, Map.of());

  /** About how many bytes in memory one byte of a compressed text is. */
  private static final int UNPACKED = 5;

  private static final Set<FieldType> KNOWN =
      Set.of(
          FieldType.BOOL,
          FieldType.INT8,
          FieldType.INT16,
          FieldType.INT32,
          FieldType.INT64,
          FieldType.FLOAT,
          FieldType.DOUBLE,
          FieldType.VARCHAR,
          FieldType.JSON,
          FieldType.ARRAY,
          FieldType.FLOAT_VECTOR,
          FieldType.BINARY_VECTOR,
          FieldType.FLOAT16_VECTOR);

  private final BinlogReader binlogs;
  private final CollectionSchema whole;
  private final List<FieldSpec> fields;
  private final FieldSpec key;
  private final Moment moment;

  /**
   * @param whole the schema with all fields that files have
   * @param fields what is to be read of each row, with the primary key
   */
  UnitReader(BinlogReader binlogs, CollectionSchema whole, List<FieldSpec> fields, Moment moment) {
    this.binlogs = binlogs;
    this.whole = whole;
    this.fields = List.copyOf(fields);
    this.key = whole.primaryKey();
    this.moment = moment;
  }

  /** What is read of each row. */
  List<FieldSpec> fields() {
    return fields;
  }

  /**
   * Requires that files of these fields are known.
   *
   * @throws FerryException {@link ErrorCode#SEGMENT_FORM_UNKNOWN}
   */
  static void requireKnown(String collection, List<FieldSpec> fields) {
    for (FieldSpec field : fields) {
      if (!KNOWN.contains(field.type()) || field.nullable()) {
        throw new FerryException(
            ErrorCode.SEGMENT_FORM_UNKNOWN,
            "field %s of %s is %s%s, which this build does not read from files"
                .formatted(
                    field.name(), collection, field.typeText(), field.nullable() ? " or null" : ""),
            "Read by queries, with --reader api.",
            null);
      }
    }
  }

  /**
   * How many rows the files of a unit have, and what of them is of the moment; reads keys alone.
   */
  record Look(int rows, Optional<UnitPlan> plan) {}

  /** Looks at the keys and timestamps of a unit. */
  Look look(SegmentUnit unit) {
    long[] timestamps = timestamps(unit);
    Keys keys = keys(unit, timestamps.length);
    int min = -1;
    int max = -1;
    int kept = 0;
    for (int row = 0; row < timestamps.length; row++) {
      if (moment.shows(timestamps[row])) {
        min = min < 0 || keys.compare(row, keys, min) < 0 ? row : min;
        max = max < 0 || keys.compare(row, keys, max) > 0 ? row : max;
        kept++;
      }
    }
    return new Look(
        timestamps.length,
        kept == 0
            ? Optional.empty()
            : Optional.of(
                new UnitPlan(
                    unit,
                    keys.key(min),
                    keys.key(max),
                    timestamps.length,
                    kept,
                    bytes(unit, timestamps.length))));
  }

  /** The rows of a unit in a range of keys; empty if it has none there. */
  Optional<UnitRows> load(UnitPlan plan, KeyRange range) {
    SegmentUnit unit = plan.unit();
    long[] timestamps = timestamps(unit);
    Column keyColumn = keyColumn(unit, timestamps.length);
    Keys keys = Keys.of(keyColumn);
    boolean all = range.equals(KeyRange.ALL);
    int[] kept =
        RowOrder.where(
            timestamps.length,
            row -> moment.shows(timestamps[row]) && (all || range.contains(keys.key(row))));
    if (kept.length == 0) {
      return Optional.empty();
    }
    int[] order = new RowOrder(keys, timestamps).sort(kept);
    boolean asTheyLie = RowOrder.isWhole(order, timestamps.length);
    List<Column> columns = new ArrayList<>(fields.size());
    for (FieldSpec field : fields) {
      Column column =
          field.primaryKey()
              ? keyColumn
              : column(unit, idOf(unit, field), field, timestamps.length);
      columns.add(asTheyLie ? column : column.select(order));
    }
    RecordBatch batch = new RecordBatch(fields, columns, order.length);
    return Optional.of(
        new UnitRows(
            batch,
            asTheyLie
                ? timestamps
                : ((Column.Int64) new Column.Int64(timestamps).select(order)).values(),
            plan.bytes()));
  }

  private long[] timestamps(SegmentUnit unit) {
    return ((Column.Int64) binlogs.values(unit, SegmentUnit.TIMESTAMPS, TIMESTAMP)).values();
  }

  private Keys keys(SegmentUnit unit, int rows) {
    return Keys.of(keyColumn(unit, rows));
  }

  private Column keyColumn(SegmentUnit unit, int rows) {
    return column(unit, key.id(), key, rows);
  }

  private Column column(SegmentUnit unit, long id, FieldSpec field, int rows) {
    Column column = binlogs.values(unit, id, field);
    if (column.rows() != rows) {
      throw damaged(
          unit, id, "it has %d rows, but %d timestamps".formatted(column.rows(), rows), null);
    }
    if (field.type() != FieldType.ARRAY) {
      return column;
    }
    try {
      return ArrayValues.decode(field, (Column.Bytes) column);
    } catch (IOException e) {
      throw damaged(unit, id, String.valueOf(e.getMessage()), e);
    }
  }

  private FerryException damaged(
      SegmentUnit unit,
      long field,
      String reason,
      @org.jspecify.annotations.Nullable Exception cause) {
    return binlogs.damaged(java.util.Objects.requireNonNull(unit.logs().get(field)), reason, cause);
  }

  /** The server does not tell the id of the dynamic field: it is the one that no other has. */
  private long idOf(SegmentUnit unit, FieldSpec field) {
    if (!field.name().equals(FieldSpec.DYNAMIC)) {
      return field.id();
    }
    Set<Long> others = new java.util.HashSet<>(unit.logs().keySet());
    others.remove(0L);
    others.remove(SegmentUnit.TIMESTAMPS);
    whole.fields().forEach(known -> others.remove(known.id()));
    if (others.size() != 1) {
      throw new FerryException(
          ErrorCode.SEGMENT_FORM_UNKNOWN,
          "segment %d has files of the fields %s, of which none or several may be the dynamic one"
              .formatted(unit.segment(), unit.logs().keySet()),
          "Read by queries, with --reader api.",
          null);
    }
    return others.iterator().next();
  }

  private long bytes(SegmentUnit unit, int rows) {
    long bytes = 0;
    for (FieldSpec field : fields) {
      if (field.type().isDenseVector()) {
        bytes += (long) rows * field.vectorBytes();
      } else {
        long id = field.primaryKey() ? key.id() : idOf(unit, field);
        long packed = unit.logs().containsKey(id) ? unit.logs().get(id).bytes() : 0;
        bytes += Math.max((long) rows * Long.BYTES, UNPACKED * packed);
      }
    }
    return bytes;
  }
}
