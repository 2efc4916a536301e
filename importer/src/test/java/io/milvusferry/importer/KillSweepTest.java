package io.milvusferry.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.milvusferry.connector.Capabilities;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.LoadState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Invariant: whenever an import is killed, running it again completes it, with no row twice. */
class KillSweepTest {
  @TempDir(factory = QuickTempDir.class)
  Path dir;

  @ParameterizedTest
  @EnumSource(KillSwitch.Moment.class)
  void anImportInPlaceCompletesAfterAKillAtAnyCall(KillSwitch.Moment moment) throws Exception {
    sweep(moment, fixture -> fixture.staging = new Staging.InPlace());
  }

  @ParameterizedTest
  @EnumSource(KillSwitch.Moment.class)
  void anImportThroughAStagingDirectoryCompletesAfterAKillAtAnyCall(KillSwitch.Moment moment)
      throws Exception {
    sweep(
        moment,
        fixture -> {
          Path shared = Files.createDirectories(fixture.directory.resolve("shared"));
          fixture.staging = new Staging.Directory(shared, shared.toString());
        });
  }

  @ParameterizedTest
  @EnumSource(KillSwitch.Moment.class)
  void anImportByInsertCompletesAfterAKillAtAnyCall(KillSwitch.Moment moment) throws Exception {
    sweep(moment, fixture -> fixture.staging = new Staging.None());
  }

  @ParameterizedTest
  @EnumSource(KillSwitch.Moment.class)
  void partsThatAreMadeMeanwhileAreLoadedAfterAKillAtAnyCall(KillSwitch.Moment moment)
      throws Exception {
    sweep(
        moment,
        fixture -> {
          Path shared = Files.createDirectories(fixture.directory.resolve("shared"));
          fixture.staging = new Staging.Directory(shared, shared.toString());
          fixture.growing = true;
        });
  }

  @ParameterizedTest
  @EnumSource(KillSwitch.Moment.class)
  void partsThatAreMadeMeanwhileAreInsertedAfterAKillAtAnyCall(KillSwitch.Moment moment)
      throws Exception {
    sweep(
        moment,
        fixture -> {
          fixture.staging = new Staging.None();
          fixture.growing = true;
        });
  }

  @ParameterizedTest
  @EnumSource(KillSwitch.Moment.class)
  void anInsertIntoAServerWithoutUpsertCompletesAfterAKillAtAnyCall(KillSwitch.Moment moment)
      throws Exception {
    sweep(
        moment,
        fixture -> {
          fixture.staging = new Staging.None();
          fixture.server =
              fixture.server(new Capabilities(true, true, false, false, true, true, true));
        });
  }

  @ParameterizedTest
  @EnumSource(KillSwitch.Moment.class)
  void aReplacementCompletesAfterAKillAtAnyCall(KillSwitch.Moment moment) throws Exception {
    sweep(
        moment,
        fixture -> {
          fixture.onExisting = OnExisting.REPLACE;
          fixture.foreign(ImportFixture.described(), 500, 20);
        });
  }

  @ParameterizedTest
  @EnumSource(KillSwitch.Moment.class)
  void aSwapCompletesAfterAKillAtAnyCallAndKeepsWhatItReplaced(KillSwitch.Moment moment)
      throws Exception {
    sweep(
        moment,
        fixture -> {
          fixture.publish = Publish.SWAP;
          fixture.onExisting = OnExisting.REPLACE;
          fixture.foreign(ImportFixture.described(), 500, 20);
          fixture.server.setAlias(ImportFixture.PRODUCTS, "shop");
        });
  }

  @ParameterizedTest
  @EnumSource(KillSwitch.Moment.class)
  void anImportWithNewKeysCompletesAfterAKillAtAnyCall(KillSwitch.Moment moment) throws Exception {
    sweep(
        moment,
        fixture -> fixture.autoId = AutoId.NEW_KEYS,
        ImportFixture.described(
            ImportFixture.PRODUCTS, MemoryArchive.schema(FieldType.INT64, true)));
  }

  @ParameterizedTest
  @EnumSource(KillSwitch.Moment.class)
  void theComparisonOfAnUnindexedCollectionLeavesNothingBehindAfterAKillAtAnyCall(
      KillSwitch.Moment moment) throws Exception {
    sweep(
        moment,
        fixture -> {},
        ImportFixture.loaded(ImportFixture.described(), LoadState.NOT_LOADED, List.of()));
  }

  private interface Setup {
    void apply(ImportFixture fixture) throws Exception;
  }

  private void sweep(KillSwitch.Moment moment, Setup setup) throws Exception {
    sweep(moment, setup, ImportFixture.described());
  }

  private void sweep(KillSwitch.Moment moment, Setup setup, CollectionDescription description)
      throws Exception {
    KillSwitch counter = KillSwitch.none();
    ImportFixture undisturbed = fixture("undisturbed", setup, description);
    undisturbed.run(counter.guard(undisturbed.server));
    assertComplete(undisturbed, "undisturbed");
    int calls = counter.calls().size();
    assertThat(calls).isGreaterThan(20);
    for (int n = 1; n <= calls; n++) {
      ImportFixture fixture = fixture("kill-" + n, setup, description);
      KillSwitch kill = new KillSwitch(n, moment);
      Throwable end = catchThrowable(() -> fixture.run(kill.guard(fixture.server)));
      assertThat(rootCause(end)).as("call %d", n).isInstanceOf(KillSwitch.Killed.class);
      String what = "killed at call %d, %s".formatted(n, end.getMessage());
      ImportResult second = fixture.run();
      assertThat(second.failure()).as(what).isEmpty();
      assertThat(second.proven()).as(what).isTrue();
      assertComplete(fixture, what);
    }
  }

  /** The end of a thread that helped to compare comes wrapped. */
  private static Throwable rootCause(Throwable end) {
    Throwable cause = end;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private ImportFixture fixture(String name, Setup setup, CollectionDescription description)
      throws Exception {
    ImportFixture fixture = new ImportFixture(dir.resolve(name));
    fixture.archive.add(description, 2, 6, true);
    setup.apply(fixture);
    return fixture;
  }

  private static void assertComplete(ImportFixture fixture, String what) throws Exception {
    CollectionDescription wanted = fixture.archive.entry(0).description();
    assertThat(fixture.rows(ImportFixture.PRODUCTS)).as(what).isEqualTo(24);
    assertThat(fixture.grown.gone())
        .as(what)
        .isEqualTo(fixture.growing ? fixture.archive.entry(0).parts().size() : 0);
    CollectionDescription made = fixture.server.source(ImportFixture.PRODUCTS).describe();
    assertThat(made.partitions()).as(what).isEqualTo(wanted.partitions());
    assertThat(made.indexes()).as(what).isEqualTo(wanted.indexes());
    assertThat(made.loadState()).as(what).isEqualTo(wanted.loadState());
    assertThat(made.properties()).as(what).isEqualTo(wanted.properties());
    assertThat(made.aliases()).as(what).isEqualTo(wanted.aliases());
    List<CollectionName> others = new ArrayList<>(fixture.server.collections("default"));
    assertThat(others.remove(ImportFixture.PRODUCTS)).as(what).isTrue();
    if (fixture.publish == Publish.SWAP) {
      assertThat(others).as(what).hasSize(1);
      assertThat(others.get(0).name()).as(what).startsWith("products__before_");
      assertThat(fixture.rows(others.get(0))).as(what).isEqualTo(20);
    } else {
      assertThat(others).as(what).isEmpty();
    }
    Path shared = fixture.directory.resolve("shared");
    if (Files.exists(shared)) {
      try (var left = Files.list(shared)) {
        assertThat(left).as(what).isEmpty();
      }
    }
  }
}
