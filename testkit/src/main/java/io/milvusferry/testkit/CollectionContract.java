package io.milvusferry.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.connector.CollectionIdentity;
import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.CollectionTarget;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.Excerpt;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.manifest.LoadState;
import io.milvusferry.progress.ByteSize;
import io.milvusferry.progress.Throttle;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.Column;
import io.milvusferry.record.Columns;
import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.Slice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every server must do, in memory or real. Each test makes and drops collections of its own.
 */
public abstract class CollectionContract {
  /** Long enough for a real server under load. */
  protected static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final long SEED = 20_261_124;

  private final List<CollectionName> made = new ArrayList<>();

  /** The server under test; the same for all tests of a class, or a new one. */
  protected abstract MilvusServer server();

  /** Rows of a collection that is worth being cut into slices. */
  protected int manyRows() {
    return 60_000;
  }

  @AfterEach
  void dropWhatWasMade() {
    for (CollectionName name : made) {
      if (server().target(name).exists()) {
        server().source(name).release();
        server().target(name).drop();
      }
    }
    made.clear();
  }

  // What every test starts from.

  /** A new collection, without index. */
  protected final CollectionName create(CollectionSchema schema, Map<String, String> properties) {
    CollectionName name =
        new CollectionName(
            CollectionName.DEFAULT_DATABASE,
            "contract_%d_%d".formatted(ProcessHandle.current().pid(), NUMBERS.incrementAndGet()));
    made.add(name);
    server().target(name).create(CollectionDescriptions.of(name, schema), properties);
    return name;
  }

  /** Indexes the vector field and loads. */
  protected final void load(CollectionName name) {
    CollectionSource source = server().source(name);
    IndexSpec index = CollectionDescriptions.flatIndex(vectorOf(source.schema()));
    server().target(name).createIndex(index);
    server().target(name).awaitIndex(index, PATIENCE);
    source.load(1, PATIENCE);
  }

  private CollectionName loaded(CollectionSchema schema) {
    CollectionName name = create(schema, Map.of());
    load(name);
    return name;
  }

  private static FieldSpec vectorOf(CollectionSchema schema) {
    return schema.fields().stream()
        .filter(field -> field.type().isDenseVector())
        .findFirst()
        .orElseThrow();
  }

  private static CollectionSchema plain(FieldType keyType) {
    return SampleRows.schema(
        keyType,
        List.of(FieldSpec.of("n", FieldType.INT64, Map.of())),
        SampleRows.vector(FieldType.FLOAT_VECTOR, 4));
  }

  /** All rows of all slices, in the order in which they come. */
  private List<RecordBatch> scan(CollectionName name, List<Slice> slices) {
    List<RecordBatch> batches = new ArrayList<>();
    for (Slice slice : slices) {
      try (BatchCursor cursor = server().source(name).scan(slice, Set.of())) {
        for (RecordBatch page = cursor.next(); page != null; page = cursor.next()) {
          batches.add(page);
        }
      }
    }
    return batches;
  }

  private RecordBatch scanAll(CollectionName name) {
    return Columns.concat(scan(name, List.of(new Slice("", KeyRange.ALL))));
  }

  private List<String> keys(CollectionName name, List<Slice> slices) {
    List<String> keys = new ArrayList<>();
    for (RecordBatch batch : scan(name, slices)) {
      for (int row = 0; row < batch.rows(); row++) {
        keys.add(batch.key(row).text());
      }
    }
    return keys;
  }

  /** Bits of a row, field by field, so that -0.0 and NaN are told from others. */
  private static String bits(RecordBatch batch, int row) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < batch.fields().size(); i++) {
      text.append(batch.fields().get(i).name())
          .append('=')
          .append(bits(batch.columns().get(i).select(new int[] {row})))
          .append(';');
    }
    return text.toString();
  }

  /** The values of one row. */
  private static String bits(Column column) {
    if (column.isNull(0)) {
      return "null";
    }
    if (column instanceof Column.Bool values) {
      return java.util.Arrays.toString(values.values());
    }
    if (column instanceof Column.Int32 values) {
      return java.util.Arrays.toString(values.values());
    }
    if (column instanceof Column.Int64 values) {
      return java.util.Arrays.toString(values.values());
    }
    if (column instanceof Column.Float32 values) {
      int[] raw = new int[values.rows()];
      for (int i = 0; i < raw.length; i++) {
        raw[i] = Float.floatToRawIntBits(values.values()[i]);
      }
      return java.util.Arrays.toString(raw);
    }
    if (column instanceof Column.Float64 values) {
      long[] raw = new long[values.rows()];
      for (int i = 0; i < raw.length; i++) {
        raw[i] = Double.doubleToRawLongBits(values.values()[i]);
      }
      return java.util.Arrays.toString(raw);
    }
    if (column instanceof Column.Bytes texts) {
      return java.util.Arrays.toString(texts.offsets()) + java.util.Arrays.toString(texts.bytes());
    }
    if (column instanceof Column.Array array) {
      return java.util.Arrays.toString(array.offsets()) + bits(array.elements());
    }
    ByteBuffer bytes = ((Column.Vectors) column).bytes();
    byte[] raw = new byte[bytes.limit()];
    bytes.get(0, raw);
    return java.util.HexFormat.of().formatHex(raw);
  }

  private static void assertSameRows(RecordBatch actual, RecordBatch expected) {
    assertThat(actual.rows()).isEqualTo(expected.rows());
    Map<String, Integer> byKey = new HashMap<>();
    for (int row = 0; row < expected.rows(); row++) {
      byKey.put(expected.key(row).text(), row);
    }
    for (int row = 0; row < actual.rows(); row++) {
      String key = actual.key(row).text();
      assertThat(byKey).containsKey(key);
      assertThat(bits(actual, row))
          .as("row with key %s", key)
          .isEqualTo(bits(expected, byKey.getOrDefault(key, -1)));
    }
  }

  private static Column.Bytes texts(List<String> values) {
    int[] offsets = new int[values.size() + 1];
    java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
    for (int i = 0; i < values.size(); i++) {
      all.writeBytes(values.get(i).getBytes(StandardCharsets.UTF_8));
      offsets[i + 1] = all.size();
    }
    return new Column.Bytes(offsets, all.toByteArray());
  }

  /** Rows of {@link #plain} with these keys; the same number in all of a batch. */
  private static RecordBatch rows(CollectionSchema schema, List<Key> keys, long number) {
    int rows = keys.size();
    Column keyColumn =
        schema.primaryKey().type() == FieldType.INT64
            ? new Column.Int64(keys.stream().mapToLong(key -> ((Key.Int64) key).value()).toArray())
            : texts(keys.stream().map(Key::text).toList());
    ByteBuffer vectors = ByteBuffer.allocate(rows * 16).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rows * 4; i++) {
      vectors.putFloat(4 * i, (float) (number + i));
    }
    return new RecordBatch(
        schema.rowFields(),
        List.of(
            keyColumn,
            new Column.Int64(LongStream.generate(() -> number).limit(rows).toArray()),
            new Column.Vectors(16, vectors),
            texts(java.util.Collections.nCopies(rows, "{}"))),
        rows);
  }

  private static List<Key> numbers(long from, long below) {
    return LongStream.range(from, below).<Key>mapToObj(Key.Int64::new).toList();
  }

  private static void assertFails(ErrorCode code, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            FerryException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(code);
              assertThat(failure.hint()).isNotEmpty();
            });
  }

  // Rows.

  @ParameterizedTest
  @EnumSource(
      value = FieldType.class,
      names = {"FLOAT_VECTOR", "BINARY_VECTOR", "FLOAT16_VECTOR"})
  void givesBackEveryTypeBitForBit(FieldType vectorType) {
    for (FieldType keyType : List.of(FieldType.INT64, FieldType.VARCHAR)) {
      CollectionSchema schema =
          SampleRows.schema(keyType, SampleRows.scalarFields(), SampleRows.vector(vectorType, 32));
      CollectionName name = loaded(schema);
      RecordBatch rows = objectsOnly(new SampleRows(SEED).rows(schema, 0, 300));
      server().target(name).insert("_default", rows);
      assertSameRows(scanAll(name), rows);
    }
  }

  /** Each document as a member of an object: Milvus 2.3 inserts no others, in any JSON field. */
  private static RecordBatch objectsOnly(RecordBatch batch) {
    List<Column> columns = new ArrayList<>(batch.columns());
    for (int i = 0; i < columns.size(); i++) {
      if (batch.fields().get(i).type() == FieldType.JSON) {
        Column.Bytes documents = (Column.Bytes) columns.get(i);
        List<String> objects = new ArrayList<>();
        for (int row = 0; row < batch.rows(); row++) {
          objects.add("{\"v\":" + new String(documents.get(row), StandardCharsets.UTF_8) + "}");
        }
        columns.set(i, texts(objects));
      }
    }
    return new RecordBatch(batch.fields(), columns, batch.rows());
  }

  @Test
  void givesBackTheDynamicField() {
    CollectionSchema schema = plain(FieldType.INT64);
    CollectionName name = loaded(schema);
    RecordBatch rows = new SampleRows(SEED).rows(schema, 0, 200);
    server().target(name).insert("_default", rows);
    assertSameRows(scanAll(name), rows);
  }

  @Test
  void keepsNotANumberAndSignedZeros() {
    CollectionSchema schema =
        SampleRows.schema(
            FieldType.INT64,
            List.of(
                FieldSpec.of("f", FieldType.FLOAT, Map.of()),
                FieldSpec.of("d", FieldType.DOUBLE, Map.of())),
            SampleRows.vector(FieldType.FLOAT_VECTOR, 2));
    CollectionName name = loaded(schema);
    float[] floats = {Float.NaN, -0f, Float.POSITIVE_INFINITY, Float.MIN_VALUE};
    double[] doubles = {Double.NaN, -0.0, Double.NEGATIVE_INFINITY, Double.MIN_VALUE};
    RecordBatch rows =
        new RecordBatch(
            schema.rowFields(),
            List.of(
                new Column.Int64(new long[] {1, 2, 3, 4}),
                new Column.Float32(floats),
                new Column.Float64(doubles),
                new Column.Vectors(8, ByteBuffer.allocate(32)),
                texts(List.of("{}", "{}", "{}", "{}"))),
            4);
    server().target(name).insert("_default", rows);
    assertSameRows(scanAll(name), rows);
  }

  @Test
  void readsTheLeastKeyAndItsNeighbours() {
    CollectionSchema schema = plain(FieldType.INT64);
    CollectionName name = loaded(schema);
    List<Key> keys = new ArrayList<>(numbers(-3, 3));
    keys.add(new Key.Int64(Long.MIN_VALUE));
    keys.add(new Key.Int64(Long.MIN_VALUE + 1));
    keys.add(new Key.Int64(Long.MAX_VALUE - 1));
    server().target(name).insert("_default", rows(schema, keys, 1));
    List<String> sorted = keys.stream().sorted().map(Key::text).toList();
    assertThat(keys(name, List.of(new Slice("", KeyRange.ALL)))).isEqualTo(sorted);
    KeyRange fromLeast = new KeyRange(new Key.Int64(Long.MIN_VALUE), new Key.Int64(0));
    assertThat(keys(name, List.of(new Slice("", fromLeast)))).isEqualTo(sorted.subList(0, 5));
    KeyRange afterLeast = KeyRange.ALL.after(new Key.Int64(Long.MIN_VALUE));
    assertThat(keys(name, List.of(new Slice("", afterLeast)))).isEqualTo(sorted.subList(1, 9));
  }

  @Test
  void deletesTheLeastKey() {
    CollectionSchema schema = plain(FieldType.INT64);
    CollectionName name = loaded(schema);
    List<Key> keys = new ArrayList<>(numbers(1, 3));
    keys.add(new Key.Int64(Long.MIN_VALUE));
    server().target(name).insert("_default", rows(schema, keys, 1));
    server()
        .target(name)
        .delete("_default", List.of(new Key.Int64(Long.MIN_VALUE), new Key.Int64(2)));
    assertThat(keys(name, List.of(new Slice("", KeyRange.ALL)))).containsExactly("1");
  }

  @Test
  void findsRowsByTheirKeys() {
    CollectionSchema schema = plain(FieldType.INT64);
    CollectionName name = create(schema, Map.of());
    server().target(name).createPartition("second");
    load(name);
    server().target(name).insert("_default", rows(schema, numbers(0, 2_500), 1));
    server().target(name).insert("second", rows(schema, numbers(5_000, 5_010), 2));
    CollectionSource source = server().source(name);
    List<Key> asked = new ArrayList<>(numbers(2_000, 5_005));
    asked.add(new Key.Int64(Long.MIN_VALUE));

    assertThat(keys(source.rows("_default", asked)))
        .isEqualTo(numbers(2_000, 2_500).stream().map(Key::text).toList());
    assertThat(keys(source.rows("second", asked)))
        .isEqualTo(numbers(5_000, 5_005).stream().map(Key::text).toList());
    assertThat(source.rows("", numbers(9_000, 9_003))).isEmpty();
    assertThat(names(source.rows("second", numbers(5_000, 5_001)).get(0).fields()))
        .isEqualTo(names(source.schema().rowFields()));
  }

  private static Set<String> names(List<FieldSpec> fields) {
    return fields.stream().map(FieldSpec::name).collect(Collectors.toSet());
  }

  private static List<String> keys(List<RecordBatch> batches) {
    List<Key> keys = new ArrayList<>();
    for (RecordBatch batch : batches) {
      for (int row = 0; row < batch.rows(); row++) {
        keys.add(batch.key(row));
      }
    }
    return keys.stream().sorted().map(Key::text).toList();
  }

  @Test
  void pagesThroughOddStringKeys() {
    CollectionSchema schema = plain(FieldType.VARCHAR);
    CollectionName name = loaded(schema);
    List<String> odd =
        List.of(
            "",
            "\"q\"",
            "back\\slash",
            "\\",
            "'",
            "%",
            "_",
            "a\tb",
            "a\nb",
            "a\rb",
            "a\u0000b",
            "a\u0001b",
            "\u007f",
            "\\x41",
            "\\u0041",
            "\u00e9",
            "e\u0301",
            "\u4e2d",
            "\ud83d\ude00",
            "\ufffd",
            "A",
            "a",
            "0",
            "00",
            " ",
            "  ",
            "a && b",
            "{x}");
    List<Key> keys = odd.stream().<Key>map(Key.Varchar::new).toList();
    server().target(name).insert("_default", rows(schema, keys, 1));
    List<String> sorted = keys.stream().sorted().map(Key::text).toList();
    assertThat(keys(name, List.of(new Slice("", KeyRange.ALL)))).isEqualTo(sorted);
    for (Key key : keys) {
      KeyRange tail = new KeyRange(key, null);
      assertThat(keys(name, List.of(new Slice("", tail))))
          .as("keys from %s on", key)
          .isEqualTo(sorted.subList(sorted.indexOf(key.text()), sorted.size()));
      KeyRange rest = KeyRange.ALL.after(key);
      assertThat(keys(name, List.of(new Slice("", rest))))
          .as("keys after %s", key)
          .isEqualTo(sorted.subList(sorted.indexOf(key.text()) + 1, sorted.size()));
    }
    server().target(name).delete("_default", keys.subList(0, 20));
    assertThat(keys(name, List.of(new Slice("", KeyRange.ALL))))
        .containsExactlyInAnyOrderElementsOf(odd.subList(20, odd.size()));
  }

  @Test
  void keepsTheTextOfDocuments() {
    CollectionSchema schema =
        SampleRows.schema(
            FieldType.INT64,
            List.of(FieldSpec.of("j", FieldType.JSON, Map.of())),
            SampleRows.vector(FieldType.FLOAT_VECTOR, 2));
    CollectionName name = loaded(schema);
    RecordBatch rows =
        new RecordBatch(
            schema.rowFields(),
            List.of(
                new Column.Int64(new long[] {1, 2}),
                texts(List.of("{\"n\": 9007199254740993}", "{\"b\" : 1.0,\"a\":[ ]}")),
                new Column.Vectors(8, ByteBuffer.allocate(16)),
                texts(List.of("{\"n\":9007199254740993}", "{}"))),
            2);
    server().target(name).insert("_default", rows);
    assertSameRows(scanAll(name), rows);
  }

  // Excerpts.

  /** Keys 0 to 9 in {@code _default} and 100 to 104 in {@code blue}, each with the number 7. */
  private CollectionName twoPartitions() {
    CollectionSchema schema = plain(FieldType.INT64);
    CollectionName name = loaded(schema);
    server().target(name).createPartition("blue");
    server().target(name).insert("_default", rows(schema, numbers(0, 10), 7));
    server().target(name).insert("blue", rows(schema, numbers(100, 105), 8));
    return name;
  }

  private static List<String> keysOf(CollectionSource source) {
    List<String> keys = new ArrayList<>();
    for (Slice slice : source.slices(2)) {
      try (BatchCursor cursor = source.scan(slice, Set.of())) {
        for (RecordBatch page = cursor.next(); page != null; page = cursor.next()) {
          for (int row = 0; row < page.rows(); row++) {
            keys.add(page.key(row).text());
          }
        }
      }
    }
    return keys;
  }

  private void assertExcerpt(CollectionName name, Excerpt excerpt, String... keys) {
    CollectionSource source = server().source(name).only(excerpt);
    assertThat(keysOf(source)).as("%s", excerpt).containsExactlyInAnyOrder(keys);
    assertThat(source.count()).as("%s", excerpt).contains((long) keys.length);
  }

  @Test
  void anExcerptHasTheRowsOfItsPartitionsThatMatchUpToItsLimit() {
    CollectionName name = twoPartitions();
    long all = Long.MAX_VALUE;
    assertExcerpt(
        name, new Excerpt(List.of("blue"), List.of(), "", all), "100", "101", "102", "103", "104");
    assertExcerpt(name, new Excerpt(List.of(), List.of(), "n < 8", 3), "0", "1", "2");
    assertExcerpt(
        name, new Excerpt(List.of("blue"), List.of(), "id < 103", all), "100", "101", "102");
    assertExcerpt(name, new Excerpt(List.of("blue"), List.of(), "n < 8", all));
    assertExcerpt(
        name,
        new Excerpt(List.of(), List.of(), "", 12),
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "7",
        "8",
        "9",
        "100",
        "101");
    assertExcerpt(name, new Excerpt(List.of(), List.of(), "", 0));
  }

  @Test
  void anExcerptHasTheFieldsItNamesAndTheKey() {
    CollectionSource source =
        server()
            .source(twoPartitions())
            .only(new Excerpt(List.of("blue"), List.of("n"), "", Long.MAX_VALUE));
    CollectionDescription description = source.describe();
    assertThat(description.schema().rowFields())
        .extracting(FieldSpec::name)
        .containsExactly("id", "n");
    assertThat(description.indexes()).isEmpty();
    assertThat(description.partitions()).containsExactly("blue");
    try (BatchCursor cursor = source.scan(source.slices(1).get(0), Set.of())) {
      RecordBatch page = java.util.Objects.requireNonNull(cursor.next());
      assertThat(page.fields()).extracting(FieldSpec::name).containsExactly("id", "n");
    }
    assertThat(source.rows("blue", List.of(new Key.Int64(101), new Key.Int64(1)))).hasSize(1);
  }

  @Test
  void anExcerptOfWhatIsNotThereIsRefused() {
    CollectionName name = twoPartitions();
    assertRefused(
        ErrorCode.PARTITION_NOT_FOUND,
        name,
        new Excerpt(List.of("red"), List.of(), "", 1),
        CollectionSource::describe);
    assertRefused(
        ErrorCode.FIELD_NOT_FOUND,
        name,
        new Excerpt(List.of(), List.of("price"), "", 1),
        CollectionSource::schema);
    assertRefused(
        ErrorCode.FILTER_INVALID,
        name,
        new Excerpt(List.of(), List.of(), "n <", 1),
        CollectionSource::count);
  }

  private void assertRefused(
      ErrorCode code, CollectionName name, Excerpt excerpt, Consumer<CollectionSource> use) {
    assertThatThrownBy(() -> use.accept(server().source(name).only(excerpt)))
        .isInstanceOfSatisfying(
            FerryException.class, failure -> assertThat(failure.code()).isEqualTo(code));
  }

  @Test
  void carriesOnlyTheFieldsAskedForAndTheKey() {
    CollectionSchema schema = plain(FieldType.INT64);
    CollectionName name = loaded(schema);
    server().target(name).insert("_default", rows(schema, numbers(0, 5), 7));
    try (BatchCursor cursor =
        server().source(name).scan(new Slice("", KeyRange.ALL), Set.of("n"))) {
      RecordBatch page = java.util.Objects.requireNonNull(cursor.next());
      assertThat(page.fields()).extracting(FieldSpec::name).containsExactly("id", "n");
      assertThat(((Column.Int64) page.column("n")).values()).containsOnly(7);
      assertThat(page.rows()).isEqualTo(5);
    }
  }

  @Test
  void readsEveryRowOnceAfterDeletesUpsertsAndFlushes() {
    CollectionSchema schema = plain(FieldType.INT64);
    CollectionName name = loaded(schema);
    CollectionTarget target = server().target(name);
    Random random = new Random(SEED);
    TreeMap<Long, Long> model = new TreeMap<>();
    for (int round = 0; round < 4; round++) {
      List<Key> fresh = new ArrayList<>();
      while (fresh.size() < 2000) {
        long key = random.nextLong(1L << 40);
        if (model.put(key, (long) round) == null) {
          fresh.add(new Key.Int64(key));
        }
      }
      // A key drawn twice keeps the number of its first round in the model of the server, too.
      target.upsert("_default", rows(schema, List.copyOf(fresh), round));
      List<Long> known = new ArrayList<>(model.keySet());
      List<Key> gone = new ArrayList<>();
      List<Key> changed = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        long victim = known.get(random.nextInt(known.size()));
        if (model.remove(victim) != null) {
          gone.add(new Key.Int64(victim));
        }
        long lucky = known.get(random.nextInt(known.size()));
        if (model.containsKey(lucky) && !changed.contains(new Key.Int64(lucky))) {
          changed.add(new Key.Int64(lucky));
          model.put(lucky, 100L + round);
        }
      }
      changed.removeIf(key -> !model.containsKey(((Key.Int64) key).value()));
      target.delete("_default", gone);
      target.upsert("_default", rows(schema, changed, 100L + round));
      if (round < 3) {
        server().source(name).flush(PATIENCE);
      }
    }
    RecordBatch read = scanAll(name);
    assertThat(server().source(name).count()).contains((long) model.size());
    TreeMap<Long, Long> actual = new TreeMap<>();
    long[] numbers = ((Column.Int64) read.column("n")).values();
    for (int row = 0; row < read.rows(); row++) {
      actual.put(((Key.Int64) read.key(row)).value(), numbers[row]);
    }
    assertThat(read.rows()).isEqualTo(model.size());
    assertThat(actual.keySet()).isEqualTo(model.keySet());
    assertThat(actual).isEqualTo(model);
  }

  @Test
  void cutsDisjointSlicesThatCoverEverything() {
    for (FieldType keyType : List.of(FieldType.INT64, FieldType.VARCHAR)) {
      CollectionSchema schema = plain(keyType);
      CollectionName name = loaded(schema);
      List<Key> keys = new ArrayList<>();
      Random random = new Random(SEED);
      for (int i = 0; i < manyRows(); i++) {
        keys.add(
            keyType == FieldType.INT64
                ? new Key.Int64(random.nextLong(Long.MIN_VALUE, Long.MAX_VALUE))
                : new Key.Varchar("k%x".formatted(random.nextLong())));
      }
      List<Key> distinct = keys.stream().distinct().toList();
      server().target(name).insert("_default", rows(schema, distinct, 1));
      List<Slice> slices = server().source(name).slices(3);
      assertThat(slices.size()).isBetween(2, 5);
      assertThat(slices.get(0).range().from()).isNull();
      assertThat(slices.get(slices.size() - 1).range().below()).isNull();
      for (int i = 1; i < slices.size(); i++) {
        assertThat(slices.get(i).range().from()).isEqualTo(slices.get(i - 1).range().below());
      }
      for (Slice slice : slices) {
        assertThat(keys(name, List.of(slice)).size())
            .isBetween(manyRows() / 10, manyRows() * 3 / 4);
      }
      assertThat(keys(name, slices)).isEqualTo(distinct.stream().sorted().map(Key::text).toList());
    }
  }

  @Test
  void readsNotFasterThanAllowed() {
    CollectionSchema schema = plain(FieldType.INT64);
    CollectionName name = loaded(schema);
    server().target(name).insert("_default", rows(schema, numbers(0, 5_000), 1));
    CollectionSource slow = server().source(name).throttled(Throttle.of(new ByteSize(20_000)));
    long start = System.nanoTime();
    long rows = 0;
    try (BatchCursor cursor = slow.scan(new Slice("", KeyRange.ALL), Set.of())) {
      for (RecordBatch page = cursor.next(); page != null; page = cursor.next()) {
        rows += page.rows();
      }
    }
    assertThat(rows).isEqualTo(5_000);
    // The first page, 1,000 rows of more than 16 bytes, is paid for before the second comes.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(700));
  }

  // Partitions and keys.

  @Test
  void keepsPartitionsApart() {
    CollectionSchema schema = plain(FieldType.INT64);
    CollectionName name = create(schema, Map.of());
    server().target(name).createPartition("second");
    server().target(name).createPartition("another");
    load(name);
    server().target(name).insert("_default", rows(schema, numbers(0, 10), 1));
    server().target(name).insert("second", rows(schema, numbers(5, 20), 2));
    CollectionSource source = server().source(name);
    assertThat(source.partitions()).containsExactly("_default", "second", "another");
    assertThat(source.describe().partitions()).containsExactly("_default", "second", "another");
    assertThat(source.count("_default")).contains(10L);
    assertThat(source.count("second")).contains(15L);
    assertThat(source.count("another")).contains(0L);
    assertThat(source.count()).contains(25L);
    assertThat(keys(name, List.of(new Slice("second", KeyRange.ALL)))).hasSize(15);
    assertThat(source.slices(4).stream().map(Slice::partition).distinct())
        .containsExactly("_default", "second", "another");
    server().target(name).delete("second", numbers(5, 10));
    assertThat(source.count("_default")).contains(10L);
    assertThat(source.count("second")).contains(10L);
  }

  @Test
  void readsACollectionWithAPartitionKeyAsOne() {
    CollectionSchema schema =
        SampleRows.schema(
            FieldType.INT64,
            List.of(FieldSpec.of("n", FieldType.INT64, Map.of()).asPartitionKey()),
            SampleRows.vector(FieldType.FLOAT_VECTOR, 4));
    CollectionName name = loaded(schema);
    for (int number = 0; number < 10; number++) {
      server()
          .target(name)
          .insert("", rows(schema, numbers(number * 100L, number * 100L + 100), number));
    }
    CollectionSource source = server().source(name);
    CollectionDescription description = source.describe();
    assertThat(description.partitions()).isEmpty();
    assertThat(description.partitionCount()).isEqualTo(4);
    assertThat(description.schema().partitionKey()).map(FieldSpec::name).contains("n");
    assertThat(source.partitions()).containsExactly("");
    assertThat(source.count("")).contains(1_000L);
    assertThat(keys(name, source.slices(2))).hasSize(1_000);
  }

  @Test
  void makesKeysWhereTheSchemaSaysSo() {
    CollectionSchema like = plain(FieldType.INT64);
    List<FieldSpec> fields = new ArrayList<>(like.fields());
    fields.set(0, FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(true));
    CollectionSchema schema = new CollectionSchema(true, fields);
    CollectionName name = loaded(schema);
    RecordBatch whole = rows(schema, numbers(0, 20), 3);
    RecordBatch withoutKeys =
        new RecordBatch(whole.fields().subList(1, 4), whole.columns().subList(1, 4), whole.rows());
    server().target(name).insert("_default", withoutKeys);
    assertThat(server().source(name).schema().primaryKey().autoId()).isTrue();
    assertThat(keys(name, List.of(new Slice("", KeyRange.ALL))))
        .hasSize(20)
        .doesNotHaveDuplicates();
  }

  // What a collection is.

  @Test
  void describesWhatWasCreated() {
    CollectionSchema schema =
        SampleRows.schema(
            FieldType.VARCHAR,
            SampleRows.scalarFields(),
            SampleRows.vector(FieldType.FLOAT_VECTOR, 8));
    CollectionName name = create(schema, Map.of("collection.ttl.seconds", "86400"));
    CollectionDescription description = server().source(name).describe();
    assertThat(description.name()).isEqualTo(name);
    assertThat(description.description()).isEqualTo("made by a test");
    assertThat(description.shards()).isEqualTo(1);
    assertThat(description.consistencyLevel()).isEqualTo("Bounded");
    assertThat(description.properties()).containsEntry("collection.ttl.seconds", "86400");
    assertThat(description.indexes()).isEmpty();
    assertThat(description.loadState()).isEqualTo(LoadState.NOT_LOADED);
    assertThat(description.replicas()).isZero();
    assertThat(description.schema().enableDynamicField()).isTrue();
    assertThat(description.schema().fields())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("id")
        .isEqualTo(schema.fields());
    assertThat(server().source(name).rawDescriptions()).containsKeys("collection", "partitions");
    server().target(name).alterProperties(Map.of("collection.ttl.seconds", "3600"));
    assertThat(server().source(name).describe().properties())
        .containsEntry("collection.ttl.seconds", "3600");
  }

  @Test
  void describesIndexesAndLoads() {
    CollectionSchema schema = plain(FieldType.INT64);
    CollectionName name = create(schema, Map.of());
    IndexSpec index =
        new IndexSpec(
            "vector",
            "graph",
            "HNSW",
            "COSINE",
            new TreeMap<>(Map.of("params", "{\"M\":8,\"efConstruction\":32}")));
    server().target(name).createIndex(index);
    server().target(name).awaitIndex(index, PATIENCE);
    CollectionSource source = server().source(name);
    assertThat(source.describe().indexes()).containsExactly(index);
    source.load(1, PATIENCE);
    assertThat(source.loadState()).isEqualTo(LoadState.LOADED);
    assertThat(source.describe().replicas()).isEqualTo(1);
    source.release();
    assertThat(source.loadState()).isEqualTo(LoadState.NOT_LOADED);
    source.dropIndexes("graph");
    assertThat(source.describe().indexes()).isEmpty();
  }

  @Test
  void findsTheNearestNeighboursOfAVector() {
    CollectionName name = create(plain(FieldType.INT64), Map.of());
    RecordBatch rows = new SampleRows(SEED).rows(plain(FieldType.INT64), 0, 50);
    server().target(name).insert("", rows);
    load(name);
    IndexSpec index = server().source(name).describe().indexes().get(0);

    assertThat(server().source(name).count()).contains((long) rows.rows());
    List<List<Key>> found = server().source(name).search(index, rows.slice(11, 14), 10);

    assertThat(found)
        .hasSize(3)
        .allSatisfy(keys -> assertThat(keys).hasSize(10).doesNotHaveDuplicates());
    assertThat(found)
        .extracting(keys -> keys.get(0))
        .containsExactly(rows.key(11), rows.key(12), rows.key(13));
  }

  @Test
  void loadsByATemporaryIndex() {
    CollectionSchema schema = plain(FieldType.INT64);
    CollectionName name = create(schema, Map.of());
    server().target(name).insert("_default", rows(schema, numbers(0, 10), 1));
    CollectionSource source = server().source(name);
    source.createTemporaryIndexes("for_a_while", PATIENCE);
    source.load(1, PATIENCE);
    assertThat(source.count()).contains(10L);
    source.release();
    source.dropIndexes("for_a_while");
    assertThat(source.describe().indexes()).isEmpty();
  }

  @Test
  void movesAliases() {
    CollectionName first = create(plain(FieldType.INT64), Map.of());
    CollectionName second = create(plain(FieldType.INT64), Map.of());
    String alias = "alias_of_" + first.name();
    server().setAlias(first, alias);
    server().setAlias(first, alias);
    assertThat(server().source(first).describe().aliases()).containsExactly(alias);
    server().setAlias(second, alias);
    assertThat(server().source(first).describe().aliases()).isEmpty();
    assertThat(server().source(second).describe().aliases()).containsExactly(alias);
    server().setAlias(first, alias);
    assertThat(server().source(second).describe().aliases()).isEmpty();
    assertThat(server().source(first).describe().aliases()).containsExactly(alias);
  }

  @Test
  void renamesACollectionWithItsRowsAndAliases() {
    CollectionName name = create(plain(FieldType.INT64), Map.of());
    long id = server().source(name).identity().id();
    String alias = "alias_of_" + name.name();
    server().setAlias(name, alias);
    CollectionName other = new CollectionName(name.database(), name.name() + "_renamed");
    try {
      server().target(name).rename(other.name());
    } catch (FerryException e) {
      assertThat(e.code())
          .as("a server that renames nothing")
          .isEqualTo(ErrorCode.SERVER_INCAPABLE);
      assertThat(server().target(name).exists()).isTrue();
      return;
    }
    try {
      assertThat(server().collections(name.database())).contains(other).doesNotContain(name);
      assertThat(server().target(name).exists()).isFalse();
      assertThat(server().source(other).identity().id()).isEqualTo(id);
      assertThat(server().source(other).describe().aliases()).containsExactly(alias);
      CollectionName taken = create(plain(FieldType.INT64), Map.of());
      assertRefused(() -> server().target(taken).rename(other.name()));
      assertRefused(() -> server().target(name).rename("nobody_" + name.name()));
    } finally {
      server().target(other).rename(name.name());
    }
  }

  private static void assertRefused(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            FerryException.class,
            e ->
                assertThat(e.code())
                    .isIn(ErrorCode.SERVER_REFUSED, ErrorCode.COLLECTION_NOT_FOUND));
  }

  @Test
  void knowsACollectionThatWasRecreated() {
    CollectionSchema schema = plain(FieldType.INT64);
    CollectionName name = create(schema, Map.of());
    CollectionIdentity before = server().source(name).identity();
    assertThat(server().source(name).identity()).isEqualTo(before);
    server().target(name).drop();
    assertThat(server().target(name).exists()).isFalse();
    server().target(name).create(CollectionDescriptions.of(name, schema), Map.of());
    CollectionIdentity after = server().source(name).identity();
    assertThat(after.id()).isNotEqualTo(before.id());
    assertThat(after.createdTimestamp()).isGreaterThan(before.createdTimestamp());
  }

  @Test
  void listsCollections() {
    CollectionName name = create(plain(FieldType.INT64), Map.of());
    assertThat(server().databases()).contains(CollectionName.DEFAULT_DATABASE);
    assertThat(server().collections(CollectionName.DEFAULT_DATABASE)).contains(name).isSorted();
  }

  // Changes.

  @Test
  void showsInsertsInItsSegments() {
    CollectionSchema schema = plain(FieldType.INT64);
    CollectionName name = loaded(schema);
    CollectionSource source = server().source(name);
    server().target(name).insert("_default", rows(schema, numbers(0, 100), 1));
    source.flush(PATIENCE);
    var before = source.segments();
    source.flush(PATIENCE);
    assertThat(source.segments()).isEqualTo(before);
    assertThat(before.orElseThrow()).extracting(segment -> segment.rows()).containsExactly(100L);
    server().target(name).insert("_default", rows(schema, numbers(100, 150), 1));
    source.flush(PATIENCE);
    assertThat(source.segments()).isNotEqualTo(before);
    assertThat(source.segments().orElseThrow().stream().mapToLong(segment -> segment.rows()).sum())
        .isEqualTo(150);
  }

  @Test
  void handsOutGrowingTimestamps() {
    CollectionSource source = server().source(create(plain(FieldType.INT64), Map.of()));
    long first = source.timestamp().orElseThrow();
    assertThat(source.timestamp().orElseThrow()).isGreaterThan(first);
  }

  @Test
  void countsRowsInsertedTwiceUnderOneKeyAndReadsOneOfThem() {
    CollectionSchema schema = plain(FieldType.INT64);
    CollectionName name = loaded(schema);
    server().target(name).insert("_default", rows(schema, numbers(0, 10), 1));
    server().source(name).flush(PATIENCE);
    server().target(name).insert("_default", rows(schema, numbers(0, 10), 2));
    assertThat(server().source(name).count()).contains(20L);
    RecordBatch read = scanAll(name);
    assertThat(read.rows()).isEqualTo(10);
    for (long n : ((Column.Int64) read.column("n")).values()) {
      assertThat(n).isIn(1L, 2L);
    }
  }

  // Failures.

  @Test
  void saysThatACollectionIsMissing() {
    CollectionName nobody = new CollectionName(CollectionName.DEFAULT_DATABASE, "nobody_is_here");
    CollectionSource source = server().source(nobody);
    assertThat(server().target(nobody).exists()).isFalse();
    assertFails(ErrorCode.COLLECTION_NOT_FOUND, source::describe);
    assertFails(ErrorCode.COLLECTION_NOT_FOUND, source::identity);
    assertFails(ErrorCode.COLLECTION_NOT_FOUND, source::count);
    assertFails(ErrorCode.COLLECTION_NOT_FOUND, source::loadState);
    assertFails(ErrorCode.COLLECTION_NOT_FOUND, source::partitions);
    assertFails(ErrorCode.COLLECTION_NOT_FOUND, () -> source.slices(2));
    assertFails(ErrorCode.COLLECTION_NOT_FOUND, () -> source.load(1, PATIENCE));
  }

  @Test
  void saysThatACollectionIsNotLoaded() {
    CollectionSchema schema = plain(FieldType.INT64);
    CollectionName name = create(schema, Map.of());
    IndexSpec index = CollectionDescriptions.flatIndex(vectorOf(schema));
    server().target(name).createIndex(index);
    server().target(name).awaitIndex(index, PATIENCE);
    CollectionSource source = server().source(name);
    assertFails(ErrorCode.COLLECTION_NOT_LOADED, source::count);
    assertFails(
        ErrorCode.COLLECTION_NOT_LOADED,
        () -> {
          try (BatchCursor cursor = source.scan(new Slice("", KeyRange.ALL), Set.of())) {
            cursor.next();
          }
        });
  }

  @Test
  void saysThatACollectionIsNotIndexed() {
    CollectionName name = create(plain(FieldType.INT64), Map.of());
    assertFails(ErrorCode.COLLECTION_NOT_INDEXED, () -> server().source(name).load(1, PATIENCE));
  }

  @Test
  void refusesToCreateACollectionTwice() {
    CollectionSchema schema = plain(FieldType.INT64);
    CollectionName name = create(schema, Map.of());
    CollectionSchema other = plain(FieldType.VARCHAR);
    assertThatThrownBy(
            () -> server().target(name).create(CollectionDescriptions.of(name, other), Map.of()))
        .isInstanceOf(FerryException.class);
    assertThat(server().source(name).schema().primaryKey().type()).isEqualTo(FieldType.INT64);
  }
}
