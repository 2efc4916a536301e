package io.milvusferry.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.CollectionTarget;
import io.milvusferry.digest.Fingerprint;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.Archive;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.ConsistencyMode;
import io.milvusferry.manifest.Excerpt;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.manifest.LoadState;
import io.milvusferry.manifest.Manifest;
import io.milvusferry.manifest.ManifestReader;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.parity.SampledSearch;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.progress.Throttle;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.RowFingerprint;
import io.milvusferry.signature.AllowedSigners;
import io.milvusferry.signature.Origin;
import io.milvusferry.signature.OriginCheck;
import io.milvusferry.signature.SignatureNamespace;
import io.milvusferry.signature.SigningKey;
import io.milvusferry.testkit.FakeCall;
import io.milvusferry.testkit.FakeMilvus;
import io.milvusferry.testkit.OpenSshKey;
import io.milvusferry.testkit.SampleRows;
import io.milvusferry.verify.ArchiveVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExporterTest {
  private static final CollectionName PRODUCTS = new CollectionName("default", "products");
  private static final CollectionName USERS = new CollectionName("default", "users");
  private static final int ROWS = 900;
  private static final long PART_BYTES = 40_000;

  @TempDir Path dir;

  private final FakeMilvus server = new FakeMilvus();
  private Fingerprint products = Fingerprint.EMPTY;
  private Optional<SigningKey> signer = Optional.empty();

  @Test
  void sealsAnArchiveThatHoldsTheSourcesRows() throws IOException {
    fill();
    ExportResult result = export(dir.resolve("a"));
    CollectionEntry entry = entry(result.manifest(), PRODUCTS);
    assertThat(entry.fingerprint()).isEqualTo(products);
    assertThat(entry.countedRows()).isEqualTo(ROWS);
    assertThat(entry.consistency().mode()).isEqualTo(ConsistencyMode.QUIET);
    assertThat(entry.parts().size()).isGreaterThan(3);
    assertThat(verified(dir.resolve("a"))).isTrue();
    assertThat(ManifestReader.read(new ArchiveLayout(dir.resolve("a")).manifest()))
        .isEqualTo(result.manifest());
    assertThat(dir.resolve("a/ferry.journal")).doesNotExist();
    assertThat(dir.resolve("a/ferry.lock")).doesNotExist();
  }

  @Test
  void carriesArraysOfStructsAndSaysThatAReaderMustKnowThem() throws IOException {
    FieldSpec structs = SampleRows.structs();
    CollectionSchema schema =
        SampleRows.schema(
            FieldType.INT64, List.of(structs), SampleRows.vector(FieldType.FLOAT_VECTOR, 4));
    create(PRODUCTS, schema);
    RecordBatch rows = new SampleRows(8).rows(schema, 1, ROWS);
    insert(PRODUCTS, rows);
    RowFingerprint expected = new RowFingerprint(schema.rowFields());
    expected.add(rows);

    Manifest manifest = export(dir.resolve("a")).manifest();

    assertThat(manifest.requires()).containsExactly(Manifest.STRUCT_ARRAYS);
    assertThat(entry(manifest, PRODUCTS).fingerprint()).isEqualTo(expected.total());
    assertThat(entry(manifest, PRODUCTS).parts())
        .isNotEmpty()
        .extracting(PartEntry::minServer)
        .containsOnly("2.6.4");
    assertThat(verified(dir.resolve("a"))).isTrue();
    Manifest read = ManifestReader.read(new ArchiveLayout(dir.resolve("a")).manifest());
    assertThat(read).isEqualTo(manifest);
    assertThat(entry(read, PRODUCTS).description().schema().field("structs").orElseThrow())
        .extracting(FieldSpec::typeText)
        .isEqualTo(structs.typeText());
    assertThat(searches(dir.resolve("a")))
        .extracting(SampledSearch::field)
        .containsExactly("vector");
  }

  @Test
  void carriesSampledSearchesWithTheNeighboursAmongAllRows() {
    fill();
    export(dir.resolve("a"));
    assertThat(searches(dir.resolve("a")))
        .satisfiesExactly(
            search -> {
              assertThat(search.field()).isEqualTo("vector");
              assertThat(search.queries())
                  .hasSize(10)
                  .allSatisfy(
                      query -> {
                        assertThat(query.exact()).hasSizeGreaterThanOrEqualTo(10);
                        assertThat(query.exact().get(0)).isEqualTo(query.key());
                        assertThat(query.exact()).containsAll(query.answered());
                      });
              assertThat(search.sourceOverlap()).hasValue(1);
            });
  }

  @Test
  void samplesAmongRowsOfAnEarlierRunToo() {
    fill();
    server.faults().fail(FakeCall.PAGE, 3, ErrorCode.SERVER_UNREACHABLE);
    assertFails(ErrorCode.SERVER_UNREACHABLE, () -> export(dir.resolve("a")));
    export(dir.resolve("a"));
    assertThat(searches(dir.resolve("a")))
        .singleElement()
        .satisfies(search -> assertThat(search.sourceOverlap()).hasValue(1));
  }

  private static List<SampledSearch> searches(Path directory) {
    Archive archive = Archive.open(directory);
    return archive.searches(entry(archive.manifest(), PRODUCTS));
  }

  @Test
  void keepsWhatIsKnownOfAnEmptyCollection() {
    create(USERS, FieldType.VARCHAR);
    ExportResult result = export(dir.resolve("a"));
    assertThat(entry(result.manifest(), USERS).rows()).isZero();
    assertThat(entry(result.manifest(), USERS).parts()).isEmpty();
    assertThat(verified(dir.resolve("a"))).isTrue();
  }

  @Test
  void exportsOnlyWhatIsSelected() {
    fill();
    create(USERS, FieldType.VARCHAR);
    ExportResult result =
        new Exporter(new Random(1), PART_BYTES)
            .export(request(dir.resolve("a"), new NameFilter(List.of("us*"), List.of()), false));
    assertThat(result.manifest().collections()).hasSize(1);
    assertThat(entry(result.manifest(), USERS).number()).isEqualTo(1);
  }

  @Test
  void namesTheCollectionsWhenNothingIsSelected() {
    fill();
    assertFails(
        ErrorCode.NOTHING_SELECTED,
        () ->
            new Exporter(new Random(1), PART_BYTES)
                .export(
                    request(dir.resolve("a"), new NameFilter(List.of("nope"), List.of()), false)));
  }

  @Test
  void aHintNamesTenCollectionsAndCountsTheRest() {
    for (int i = 10; i < 23; i++) {
      create(new CollectionName("default", "c" + i), FieldType.INT64);
    }
    NameFilter none = new NameFilter(List.of("nope"), List.of());
    assertThatThrownBy(
            () ->
                new Exporter(new Random(1), PART_BYTES)
                    .export(request(dir.resolve("a"), none, false)))
        .isInstanceOfSatisfying(
            FerryException.class,
            failure ->
                assertThat(failure.hint())
                    .contains("default.c10, ")
                    .endsWith(", default.c19 and 3 more."));
  }

  @Nested
  class OfAnExcerpt {
    @Test
    void holdsItsRowsAndFieldsAloneAndSaysSo() throws IOException {
      fill();
      Excerpt excerpt =
          new Excerpt(List.of("_default"), List.of("f_int64", "vector"), "id < 100", 50);

      CollectionEntry entry = exported(excerpt);

      assertThat(entry.rows()).isEqualTo(50);
      assertThat(entry.countedRows()).isEqualTo(50);
      assertThat(entry.excerpt()).isEqualTo(excerpt);
      assertThat(entry.consistency().mode()).isEqualTo(ConsistencyMode.QUIET);
      assertThat(entry.description().schema().rowFields())
          .extracting(FieldSpec::name)
          .containsExactly("id", "f_int64", "vector");
      assertThat(entry.parts().get(entry.parts().size() - 1).maxKey()).isEqualTo("50");
    }

    @Test
    void withoutRowsNeedsNoLoadedCollection() throws IOException {
      fill();
      server.source(PRODUCTS).release();
      server.source(PRODUCTS).dropIndexes("vectors");

      CollectionEntry entry = exported(new Excerpt(List.of(), List.of(), "", 0));

      assertThat(entry.rows()).isZero();
      assertThat(entry.description().schema()).isEqualTo(server.source(PRODUCTS).schema());
      assertThat(server.source(PRODUCTS).loadState()).isEqualTo(LoadState.NOT_LOADED);
    }

    @Test
    void isNotTakenUpAsAnother() {
      fill();
      server.faults().fail(FakeCall.PAGE, 2, ErrorCode.SERVER_UNREACHABLE);
      assertFails(ErrorCode.SERVER_UNREACHABLE, () -> export(dir.resolve("a")));

      Excerpt other = new Excerpt(List.of(), List.of(), "", 9);
      assertThatThrownBy(() -> exported(other))
          .isInstanceOfSatisfying(
              FerryException.class,
              failure -> assertThat(failure.code()).isEqualTo(ErrorCode.EXPORT_JOURNAL_OTHER));
    }

    private CollectionEntry exported(Excerpt excerpt) throws IOException {
      ExportResult result =
          new Exporter(new Random(1), PART_BYTES)
              .export(request(dir.resolve("a"), NameFilter.ALL, excerpt, false));
      assertThat(verified(dir.resolve("a"))).isTrue();
      CollectionEntry entry = entry(result.manifest(), PRODUCTS);
      assertThat(
              entry(ManifestReader.read(new ArchiveLayout(dir.resolve("a")).manifest()), PRODUCTS))
          .isEqualTo(entry);
      return entry;
    }
  }

  @Nested
  class AfterAnInterruption {
    @Test
    void goesOnFromTheLastCutWhicheverPageFailed() throws IOException {
      fill();
      Manifest whole = export(dir.resolve("whole")).manifest();
      long pages = server.faults().count(FakeCall.PAGE);
      for (int n = 1; n < pages; n++) {
        Path again = dir.resolve("again-" + n);
        server.faults().fail(FakeCall.PAGE, n, ErrorCode.SERVER_UNREACHABLE);
        assertFails(ErrorCode.SERVER_UNREACHABLE, () -> export(again));
        assertThat(again.resolve(ArchiveLayout.SEAL)).doesNotExist();
        Manifest resumed = export(again).manifest();
        assertThat(digests(resumed)).as("page " + n).isEqualTo(digests(whole));
        assertThat(entry(resumed, PRODUCTS).consistency().mode()).isEqualTo(ConsistencyMode.QUIET);
        assertThat(verified(again)).isTrue();
      }
    }

    /** The signature comes before the seal, so a kill between them leaves it alone. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leavesNoSignatureButOneOfItsSeal(boolean signed) throws IOException {
      OpenSshKey key = OpenSshKey.write(dir.resolve("key"), 1);
      Path signers = Files.writeString(dir.resolve("signers"), "ops@eu " + key.publicKey());
      fill();
      server.faults().fail(FakeCall.PAGE, 4, ErrorCode.SERVER_UNREACHABLE);
      assertFails(ErrorCode.SERVER_UNREACHABLE, () -> export(dir.resolve("a")));
      ArchiveLayout layout = new ArchiveLayout(dir.resolve("a"));
      Files.write(layout.signature(), key.key().sign(SignatureNamespace.ARCHIVE, new byte[1]));
      signer = signed ? Optional.of(key.key()) : Optional.empty();

      export(dir.resolve("a"));

      Origin origin =
          new ArchiveVerifier(
                  Runnable::run,
                  ProgressSink.NONE,
                  signed
                      ? OriginCheck.by(AllowedSigners.read(signers), InstantSource.system())
                      : OriginCheck.NONE)
              .verify(dir.resolve("a"))
              .origin();
      assertThat(origin)
          .isEqualTo(
              signed
                  ? new Origin.Proven("ops@eu", key.key().fingerprint())
                  : new Origin.Unsigned());
    }

    @Test
    void keepsTheCreationIdOfTheFirstStart() {
      fill();
      server.faults().fail(FakeCall.PAGE, 4, ErrorCode.SERVER_UNREACHABLE);
      assertFails(ErrorCode.SERVER_UNREACHABLE, () -> export(dir.resolve("a")));
      Manifest resumed =
          new Exporter(new Random(99), PART_BYTES)
              .export(request(dir.resolve("a"), NameFilter.ALL, false))
              .manifest();
      byte[] first = new byte[8];
      new Random(1).nextBytes(first);
      assertThat(resumed.creationId()).isEqualTo(java.util.HexFormat.of().formatHex(first));
    }

    @Test
    void refusesAPartThatIsNotWhatTheEarlierRunWrote() throws IOException {
      fill();
      server.faults().fail(FakeCall.PAGE, 9, ErrorCode.SERVER_UNREACHABLE);
      assertFails(ErrorCode.SERVER_UNREACHABLE, () -> export(dir.resolve("a")));
      Path part;
      try (Stream<Path> files = Files.walk(dir.resolve("a/data"))) {
        part = files.filter(f -> f.toString().endsWith(".parquet")).sorted().toList().get(0);
      }
      byte[] bytes = Files.readAllBytes(part);
      bytes[bytes.length / 2] ^= 4;
      Files.write(part, bytes);
      assertFails(ErrorCode.ARCHIVE_DAMAGED, () -> export(dir.resolve("a")));
      assertThat(dir.resolve("a/" + ArchiveLayout.SEAL)).doesNotExist();
    }

    @Test
    void isFuzzyWhenRowsCameBetweenTheRuns() {
      fill();
      server.faults().fail(FakeCall.PAGE, 5, ErrorCode.SERVER_UNREACHABLE);
      assertFails(ErrorCode.SERVER_UNREACHABLE, () -> export(dir.resolve("a")));
      insert(PRODUCTS, new SampleRows(8).rows(schema(FieldType.INT64), 50_000, 10));
      CollectionEntry entry = entry(export(dir.resolve("a")).manifest(), PRODUCTS);
      assertThat(entry.consistency().mode()).isEqualTo(ConsistencyMode.FUZZY);
      assertThat(entry.rows()).isEqualTo(ROWS + 10);
    }

    @Test
    void refusesAnotherSelectionInTheSameDirectory() {
      fill();
      server.faults().fail(FakeCall.PAGE, 5, ErrorCode.SERVER_UNREACHABLE);
      assertFails(ErrorCode.SERVER_UNREACHABLE, () -> export(dir.resolve("a")));
      assertFails(
          ErrorCode.EXPORT_JOURNAL_OTHER,
          () ->
              new Exporter(new Random(1), PART_BYTES)
                  .export(
                      request(
                          dir.resolve("a"),
                          new NameFilter(List.of("products"), List.of()),
                          false)));
    }
  }

  @Nested
  class WhenTheSourceChangesMeanwhile {
    @Test
    void isFuzzyWhenRowsAreUpsertedAlthoughTheCountStays() {
      fill();
      RecordBatch other = new SampleRows(77).rows(schema(FieldType.INT64), 1, 3);
      server
          .faults()
          .after(FakeCall.PAGE, 6, () -> server.target(PRODUCTS).upsert("_default", other));
      CollectionEntry entry = entry(export(dir.resolve("a")).manifest(), PRODUCTS);
      assertThat(entry.countedRows()).isEqualTo(ROWS);
      assertThat(entry.consistency().mode()).isEqualTo(ConsistencyMode.FUZZY);
      assertThat(entry.consistency().reasons()).anyMatch(reason -> reason.contains("segments"));
    }

    @Test
    void leavesOutACollectionThatWasRecreatedAndGoesOnWithTheOthers() {
      fill();
      create(USERS, FieldType.VARCHAR);
      insert(USERS, new SampleRows(5).rows(schema(FieldType.VARCHAR), 0, 40));
      server.faults().after(FakeCall.PAGE, 6, () -> server.recreate(PRODUCTS));
      ExportResult result = export(dir.resolve("a"));
      assertThat(result.failures()).containsOnlyKeys(PRODUCTS);
      assertThat(result.failures().values())
          .extracting(FerryException::code)
          .containsExactly(ErrorCode.SOURCE_RECREATED);
      assertThat(entry(result.manifest(), USERS).rows()).isEqualTo(40);
      assertThat(verified(dir.resolve("a"))).isTrue();
    }

    @Test
    void sealsNothingWhenTheOnlyCollectionIsDropped() {
      fill();
      server.faults().after(FakeCall.PAGE, 3, () -> server.target(PRODUCTS).drop());
      assertFails(ErrorCode.COLLECTION_NOT_FOUND, () -> export(dir.resolve("a")));
      assertThat(dir.resolve("a/" + ArchiveLayout.SEAL)).doesNotExist();
    }
  }

  @Nested
  class WhenACollectionIsNotLoaded {
    @Test
    void refusesBeforeAnythingIsRead() {
      fill();
      server.source(PRODUCTS).release();
      assertFails(ErrorCode.COLLECTION_NOT_LOADED, () -> export(dir.resolve("a")));
      assertThat(server.faults().count(FakeCall.PAGE)).isZero();
    }

    @Test
    void loadsItForTheTimeOfTheExportWhenAsked() {
      fill();
      server.source(PRODUCTS).release();
      ExportResult result =
          new Exporter(new Random(1), PART_BYTES)
              .export(request(dir.resolve("a"), NameFilter.ALL, true));
      CollectionDescription kept = entry(result.manifest(), PRODUCTS).description();
      assertThat(kept.loadState()).isEqualTo(LoadState.NOT_LOADED);
      assertThat(server.source(PRODUCTS).loadState()).isEqualTo(LoadState.NOT_LOADED);
    }

    @Test
    void releasesItAfterACrashToo() {
      fill();
      server.source(PRODUCTS).release();
      server.faults().fail(FakeCall.PAGE, 4, ErrorCode.SERVER_UNREACHABLE);
      Exporter exporter = new Exporter(new Random(1), PART_BYTES);
      assertFails(
          ErrorCode.SERVER_UNREACHABLE,
          () -> exporter.export(request(dir.resolve("a"), NameFilter.ALL, true)));
      assertThat(server.source(PRODUCTS).loadState()).isEqualTo(LoadState.LOADED);
      ExportResult result = exporter.export(request(dir.resolve("a"), NameFilter.ALL, true));
      assertThat(entry(result.manifest(), PRODUCTS).description().loadState())
          .isEqualTo(LoadState.NOT_LOADED);
      assertThat(server.source(PRODUCTS).loadState()).isEqualTo(LoadState.NOT_LOADED);
    }
  }

  @Nested
  class WhoListens {
    private final List<String> heard = new ArrayList<>();
    private final ExportListener listener =
        new ExportListener() {
          @Override
          public void began(String creationId) {
            heard.clear();
            heard.add(creationId);
          }

          @Override
          public void durable(PartEntry part) {
            assertThat(dir.resolve("a").resolve(part.path())).exists();
            heard.add(part.path());
          }
        };

    private ExportResult export() {
      return new Exporter(new Random(1), PART_BYTES)
          .export(request(dir.resolve("a"), NameFilter.ALL, false), listener);
    }

    private void assertHeardAll(Manifest manifest) {
      List<String> expected = new ArrayList<>(List.of(manifest.creationId()));
      manifest.collections().stream()
          .flatMap(each -> each.parts().stream())
          .map(PartEntry::path)
          .sorted()
          .forEach(expected::add);
      assertThat(heard).hasSizeGreaterThan(3).isEqualTo(expected);
    }

    @Test
    void hearsOfEveryPartInTheOrderOfTheirPaths() {
      fill();
      create(USERS, FieldType.VARCHAR);
      insert(USERS, new SampleRows(4).rows(schema(FieldType.VARCHAR), 1, ROWS));
      assertHeardAll(export().manifest());
    }

    @Test
    void hearsAgainOfThoseThatAnEarlierRunMade() {
      fill();
      server.faults().fail(FakeCall.PAGE, 4, ErrorCode.SERVER_UNREACHABLE);
      assertFails(ErrorCode.SERVER_UNREACHABLE, this::export);
      assertHeardAll(export().manifest());
    }
  }

  @Nested
  class WhenTheDirectoryIsNotItsOwn {
    @Test
    void refusesASealedArchive() {
      fill();
      export(dir.resolve("a"));
      assertFails(ErrorCode.EXPORT_DIRECTORY_IN_USE, () -> export(dir.resolve("a")));
      assertThat(verified(dir.resolve("a"))).isTrue();
    }

    @Test
    void refusesADirectoryWithForeignFilesAndLeavesThemAlone() throws IOException {
      fill();
      Files.createDirectories(dir.resolve("a"));
      Files.writeString(dir.resolve("a/thesis.txt"), "years of work");
      assertFails(ErrorCode.EXPORT_DIRECTORY_IN_USE, () -> export(dir.resolve("a")));
      assertThat(dir.resolve("a/thesis.txt")).hasContent("years of work");
    }
  }

  private void fill() {
    create(PRODUCTS, FieldType.INT64);
    RecordBatch rows = new SampleRows(3).rows(schema(FieldType.INT64), 1, ROWS);
    insert(PRODUCTS, rows);
    RowFingerprint fingerprint = new RowFingerprint(schema(FieldType.INT64).rowFields());
    fingerprint.add(rows);
    products = fingerprint.total();
  }

  private void create(CollectionName name, FieldType key) {
    create(name, schema(key));
  }

  /** Made, with an index on each vector, and loaded. */
  private void create(CollectionName name, CollectionSchema schema) {
    CollectionTarget target = server.target(name);
    target.create(
        new CollectionDescription(
            name,
            "for tests",
            schema,
            List.of(),
            List.of("_default"),
            0,
            List.of(),
            new TreeMap<>(),
            1,
            "Bounded",
            LoadState.NOT_LOADED,
            0,
            List.of()),
        Map.of());
    for (FieldSpec field : schema.indexable()) {
      if (field.type().isVector()) {
        target.createIndex(
            new IndexSpec(
                field.name(),
                field.isInside() ? field.name() : "vectors",
                "FLAT",
                "L2",
                new TreeMap<>()));
      }
    }
    server.source(name).load(1, Duration.ofSeconds(1));
  }

  private void insert(CollectionName name, RecordBatch rows) {
    server.target(name).insert("_default", rows);
    CollectionSource source = server.source(name);
    source.flush(Duration.ofSeconds(1));
  }

  private static CollectionSchema schema(FieldType key) {
    return SampleRows.schema(
        key, SampleRows.scalarFields(), SampleRows.vector(FieldType.FLOAT_VECTOR, 8));
  }

  private ExportResult export(Path to) {
    return new Exporter(new Random(1), PART_BYTES).export(request(to, NameFilter.ALL, false));
  }

  private ExportRequest request(Path to, NameFilter selection, boolean load) {
    return request(to, selection, Excerpt.ALL, load);
  }

  private ExportRequest request(Path to, NameFilter selection, Excerpt excerpt, boolean load) {
    return new ExportRequest(
        server,
        "a source",
        to,
        selection,
        excerpt,
        Reader.API,
        load,
        false,
        Throttle.NONE,
        1,
        "milvus-ferry under test",
        signer,
        InstantSource.fixed(Instant.parse("2026-11-01T00:00:00Z")),
        ProgressSink.NONE);
  }

  private static boolean verified(Path archive) {
    return new ArchiveVerifier(Runnable::run, ProgressSink.NONE).verify(archive).valid();
  }

  private static CollectionEntry entry(Manifest manifest, CollectionName name) {
    return manifest.collection(name).orElseThrow();
  }

  private static List<String> digests(Manifest manifest) {
    return manifest.collections().stream()
        .flatMap(entry -> entry.parts().stream())
        .map(PartEntry::toString)
        .toList();
  }

  private static void assertFails(ErrorCode code, Runnable action) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            FerryException.class, failure -> assertThat(failure.code()).isEqualTo(code));
  }
}
