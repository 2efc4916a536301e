package io.milvusferry.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.digest.Fingerprint;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.Key;
import io.milvusferry.record.MemoryRowSource;
import io.milvusferry.record.RowFingerprint;
import io.milvusferry.record.RowSource;
import io.milvusferry.record.SampleRows;
import io.milvusferry.record.Slice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonTest {
  private static final CollectionName NAME = new CollectionName("default", "rows");
  private static final ComparisonSettings SETTINGS =
      new ComparisonSettings(2, 1000, Set.of(), Duration.ZERO);

  @Nested
  class AgainstABruteForceOracle {
    @Test
    void namesExactlyTheRowsThatDifferForManySeeds() {
      for (int seed = 0; seed < 300; seed++) {
        check(seed, Optional.empty());
      }
    }

    @Test
    void doesSoAgainstTheFingerprintsOfAnArchive() {
      for (int seed = 300; seed < 600; seed++) {
        check(seed, Optional.of(seed % 2 == 0));
      }
    }

    /**
     * @param known whether the expected side states its fingerprints, and then whether its buckets
     */
    private void check(int seed, Optional<Boolean> known) {
      Random random = new Random(seed);
      CollectionSchema schema = random.nextBoolean() ? SampleRows.INT64 : SampleRows.VARCHAR;
      Map<String, List<SampleRows>> left = rows(random, schema);
      Map<String, List<SampleRows>> right = mutated(random, schema, left);
      MemoryRowSource expected = new MemoryRowSource(schema, left, 1 + random.nextInt(9));
      MemoryRowSource actual = new MemoryRowSource(schema, right, 1 + random.nextInt(9));
      ComparisonSide side =
          known.isEmpty()
              ? ComparisonSide.of(expected)
              : ComparisonSide.of(expected, known(schema, left, known.get()));

      ComparisonResult result = compare(SETTINGS, side, ComparisonSide.of(actual));

      List<String> wanted = oracle(left, right);
      assertThat(result.findings().stream().map(ComparisonTest::brief).sorted().toList())
          .as("seed %d", seed)
          .isEqualTo(wanted);
      assertThat(result.equal()).as("seed %d", seed).isEqualTo(wanted.isEmpty());
      assertThat(result.missing()).isEqualTo(count(wanted, "MISSING"));
      assertThat(result.extra()).isEqualTo(count(wanted, "EXTRA"));
      assertThat(result.changed()).isEqualTo(count(wanted, "CHANGED"));
      assertThat(result.expected().rows()).isEqualTo(size(left));
      assertThat(result.actual().rows()).isEqualTo(size(right));
      if (known.isPresent() && wanted.isEmpty()) {
        assertThat(expected.scans()).as("an equal archive is not read").isZero();
      }
    }
  }

  @Nested
  class Names {
    @Test
    void theFieldsOfAChangedRowWithBothValues() {
      ComparisonResult result =
          compare(
              SETTINGS,
              side(SampleRows.INT64, row(1, 5, "{}", 0.5f), row(2, 6, "{\"a\":1}", 1)),
              side(SampleRows.INT64, row(1, 5, "{}", 0.25f), row(2, 6, "{ \"a\":1.0 }", 1)));
      assertThat(result.findings())
          .containsExactly(
              new RowFinding(
                  RowFinding.Kind.CHANGED,
                  NAME,
                  "p",
                  "1",
                  List.of("vector"),
                  "[0] = 0.5",
                  "[0] = 0.25"));
      assertThat(result.findings().get(0).message())
          .isEqualTo(
              "default.rows: row 1 of partition 'p' differs in vector:"
                  + " expected [0] = 0.5, found [0] = 0.25");
    }

    @Test
    void aRowThatMovedToAnotherPartition() {
      SampleRows row = row(1, 5, "{}", 0.5f);
      ComparisonResult result =
          compare(
              SETTINGS,
              ComparisonSide.of(
                  new MemoryRowSource(
                      SampleRows.INT64, Map.of("p", List.of(row), "q", List.of()), 3),
                  known(SampleRows.INT64, Map.of("p", List.of(row), "q", List.of()), true)),
              ComparisonSide.of(
                  new MemoryRowSource(
                      SampleRows.INT64, Map.of("p", List.of(), "q", List.of(row)), 3)));
      assertThat(result.findings())
          .extracting(ComparisonTest::brief)
          .containsExactly("MISSING p 1", "EXTRA q 1");
    }

    @Test
    void surplusCopiesOfAKeyAsMissingOrExtra() {
      SampleRows one = row(1, 5, "{}", 0);
      SampleRows other = row(1, 6, "{}", 0);
      SampleRows next = row(2, 7, "{}", 0);
      ComparisonResult result =
          compare(
              SETTINGS,
              side(SampleRows.INT64, one, next),
              side(SampleRows.INT64, other, one, one, next));
      assertThat(result.findings())
          .extracting(ComparisonTest::brief)
          .containsExactly("EXTRA p 1", "EXTRA p 1");
    }
  }

  @Test
  void listsNoMoreThanAskedForAndPassesTheRestOn() {
    List<SampleRows> rows = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      rows.add(row(i, i, "{}", 0));
    }
    List<RowFinding> rest = new ArrayList<>();
    ComparisonResult result =
        new Comparison(
                NAME,
                new ComparisonSettings(2, 7, Set.of(), Duration.ZERO),
                ProgressSink.NONE,
                rest::add)
            .compare(
                side(SampleRows.INT64, rows.toArray(SampleRows[]::new)), side(SampleRows.INT64));
    assertThat(result.missing()).isEqualTo(50);
    assertThat(result.findings()).hasSize(7);
    assertThat(rest).hasSize(43);
    assertThat(rest.get(0).key()).isEqualTo("7");
  }

  @Nested
  class WhenAServerAnswersStaleAtFirst {
    @Test
    void readsAgainBeforeItReportsADifference() {
      SampleRows[] rows = {row(1, 5, "{}", 0), row(2, 6, "{}", 0)};
      RowSource stale =
          new HealingSource(source(SampleRows.INT64, rows[0]), source(SampleRows.INT64, rows));
      ComparisonResult result =
          compare(SETTINGS, side(SampleRows.INT64, rows), ComparisonSide.of(stale));
      assertThat(result.equal()).isTrue();
      assertThat(result.reread()).isTrue();
      assertThat(result.expected()).isEqualTo(result.actual());
    }
  }

  @Nested
  class WhenAnArchiveStatesAWrongFingerprint {
    @Test
    void isNotEqualThoughEveryRowIs() {
      SampleRows row = row(1, 5, "{}", 0);
      Fingerprint wrong = new Fingerprint(1, "1".repeat(64));
      ComparisonResult result =
          compare(
              SETTINGS,
              ComparisonSide.of(
                  source(SampleRows.INT64, row),
                  new KnownFingerprints(Map.of("p", wrong), Optional.empty())),
              side(SampleRows.INT64, row));
      assertThat(result.equal()).isFalse();
      assertThat(result.findings())
          .extracting(RowFinding::kind)
          .containsExactly(RowFinding.Kind.CONTENT);
    }
  }

  @Nested
  class WithoutTheKey {
    private final ComparisonSettings keyless =
        new ComparisonSettings(2, 10, Set.of("id"), Duration.ZERO);

    @Test
    void newKeysMakeNoDifference() {
      assertThat(
              compare(
                      keyless,
                      side(SampleRows.INT64, row(1, 5, "{}", 0), row(2, 6, "{}", 0)),
                      side(SampleRows.INT64, row(71, 6, "{}", 0), row(72, 5, "{}", 0)))
                  .equal())
          .isTrue();
    }

    @Test
    void otherContentDoes() {
      ComparisonResult result =
          compare(
              keyless,
              side(SampleRows.INT64, row(1, 5, "{}", 0), row(2, 6, "{}", 0)),
              side(SampleRows.INT64, row(1, 5, "{}", 0), row(2, 7, "{}", 0)));
      assertThat(result.equal()).isFalse();
      assertThat(result.findings())
          .extracting(RowFinding::kind)
          .containsExactly(RowFinding.Kind.CONTENT);
    }
  }

  @Test
  void refusesToCompareRowsOfOtherFields() {
    assertThatThrownBy(() -> compare(SETTINGS, side(SampleRows.INT64), side(SampleRows.VARCHAR)))
        .isInstanceOfSatisfying(
            FerryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ROWS_DIFFER))
        .hasMessageContaining("id is INT64 (key) on one side and VARCHAR (key) on the other");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void failsWhenReadingFails(boolean inTheMiddle) {
    FerryException failure =
        new FerryException(ErrorCode.SERVER_UNREACHABLE, "gone", "Wait.", null);
    AtomicInteger scans = new AtomicInteger();
    RowSource broken =
        new HealingSource(source(SampleRows.INT64, row(1, 1, "{}", 0)), source(SampleRows.INT64)) {
          @Override
          public BatchCursor scan(Slice slice, Set<String> fields) {
            if (!inTheMiddle || scans.incrementAndGet() > 3) {
              throw failure;
            }
            return super.scan(slice, fields);
          }
        };
    assertThatThrownBy(
            () ->
                compare(
                    SETTINGS,
                    side(SampleRows.INT64, row(2, 1, "{}", 0)),
                    ComparisonSide.of(broken)))
        .isSameAs(failure);
  }

  /** Gives other rows from the second reading on. */
  private static class HealingSource implements RowSource {
    private final RowSource first;
    private final RowSource later;
    private final AtomicInteger readings = new AtomicInteger();

    HealingSource(RowSource first, RowSource later) {
      this.first = first;
      this.later = later;
    }

    @Override
    public CollectionSchema schema() {
      return first.schema();
    }

    @Override
    public List<String> partitions() {
      return first.partitions();
    }

    @Override
    public List<Slice> slices(int wanted) {
      readings.incrementAndGet();
      return first.slices(wanted);
    }

    @Override
    public BatchCursor scan(Slice slice, Set<String> fields) {
      return (readings.get() > 1 ? later : first).scan(slice, fields);
    }
  }

  private static ComparisonResult compare(
      ComparisonSettings settings, ComparisonSide expected, ComparisonSide actual) {
    return new Comparison(NAME, settings, ProgressSink.NONE, finding -> {})
        .compare(expected, actual);
  }

  private static SampleRows row(long key, long number, String json, float x) {
    return new SampleRows(new Key.Int64(key), number, json, x, 0);
  }

  private static MemoryRowSource source(CollectionSchema schema, SampleRows... rows) {
    return new MemoryRowSource(schema, Map.of("p", List.of(rows)), 2);
  }

  private static ComparisonSide side(CollectionSchema schema, SampleRows... rows) {
    return ComparisonSide.of(source(schema, rows));
  }

  private static KnownFingerprints known(
      CollectionSchema schema, Map<String, List<SampleRows>> rows, boolean buckets) {
    RowFingerprint all = new RowFingerprint(schema.rowFields());
    Map<String, Fingerprint> partitions = new HashMap<>();
    rows.forEach(
        (partition, list) -> {
          RowFingerprint sum = new RowFingerprint(schema.rowFields());
          sum.add(SampleRows.batch(schema, list));
          all.add(sum);
          partitions.put(partition, sum.total());
        });
    return new KnownFingerprints(
        partitions, buckets ? Optional.of(all.buckets()) : Optional.empty());
  }

  private static Key key(Random random, CollectionSchema schema) {
    int number = random.nextInt(60);
    return schema.equals(SampleRows.INT64)
        ? new Key.Int64(number - 30)
        : new Key.Varchar(new String(Character.toChars(number * 1000 + 1)) + number);
  }

  private static SampleRows row(Random random, Key key) {
    String json = random.nextBoolean() ? "{\"a\":" + random.nextInt(3) + "}" : "broken";
    return new SampleRows(key, random.nextInt(3), json, random.nextInt(2), random.nextInt(2));
  }

  private static Map<String, List<SampleRows>> rows(Random random, CollectionSchema schema) {
    Map<String, List<SampleRows>> rows = new TreeMap<>();
    for (int p = random.nextInt(3); p >= 0; p--) {
      List<SampleRows> list = new ArrayList<>();
      for (int i = random.nextInt(60); i > 0; i--) {
        list.add(row(random, key(random, schema)));
      }
      rows.put("p" + p, list);
    }
    return rows;
  }

  private static Map<String, List<SampleRows>> mutated(
      Random random, CollectionSchema schema, Map<String, List<SampleRows>> before) {
    Map<String, List<SampleRows>> after = new TreeMap<>();
    before.forEach((partition, list) -> after.put(partition, new ArrayList<>(list)));
    List<String> names = List.copyOf(after.keySet());
    for (int i = random.nextInt(6); i > 0; i--) {
      List<SampleRows> list =
          Objects.requireNonNull(after.get(names.get(random.nextInt(names.size()))));
      int at = list.isEmpty() ? -1 : random.nextInt(list.size());
      switch (at < 0 ? 0 : random.nextInt(4)) {
        case 0 -> list.add(row(random, key(random, schema)));
        case 1 -> list.remove(at);
        case 2 -> list.set(at, row(random, list.get(at).key()));
        default -> Objects.requireNonNull(after.get(names.get(0))).add(list.remove(at));
      }
    }
    if (random.nextInt(5) == 0) {
      after.put("new", List.of(row(random, key(random, schema))));
    }
    return after;
  }

  /** Multiset difference by key: equal rows drop out, the others pair up. */
  private static List<String> oracle(
      Map<String, List<SampleRows>> left, Map<String, List<SampleRows>> right) {
    List<String> differences = new ArrayList<>();
    Map<String, List<SampleRows>> ours = byKey(left);
    Map<String, List<SampleRows>> theirs = byKey(right);
    Set<String> keys = new java.util.TreeSet<>(ours.keySet());
    keys.addAll(theirs.keySet());
    for (String key : keys) {
      List<SampleRows> one = new ArrayList<>(ours.getOrDefault(key, List.of()));
      List<SampleRows> other = new ArrayList<>(theirs.getOrDefault(key, List.of()));
      one.removeIf(other::remove);
      int both = Math.min(one.size(), other.size());
      for (int i = 0; i < Math.max(one.size(), other.size()); i++) {
        String kind = i < both ? "CHANGED" : one.size() > both ? "MISSING" : "EXTRA";
        differences.add(kind + " " + key);
      }
    }
    return differences.stream().sorted().toList();
  }

  private static Map<String, List<SampleRows>> byKey(Map<String, List<SampleRows>> rows) {
    Map<String, List<SampleRows>> byKey = new HashMap<>();
    rows.forEach(
        (partition, list) ->
            list.forEach(
                row ->
                    byKey
                        .computeIfAbsent(
                            partition + " " + row.key().text(), key -> new ArrayList<>())
                        .add(row)));
    return byKey;
  }

  private static String brief(RowFinding finding) {
    return "%s %s %s".formatted(finding.kind(), finding.partition(), finding.key());
  }

  private static long count(List<String> differences, String kind) {
    return differences.stream().filter(text -> text.startsWith(kind)).count();
  }

  private static long size(Map<String, List<SampleRows>> rows) {
    return rows.values().stream().mapToLong(List::size).sum();
  }
}
