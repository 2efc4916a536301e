package io.milvusferry.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.LoadState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Invariant: whenever a migration is killed, running it again completes it, with no row twice. */
class KillSweepTest {
  private static final CollectionName WORDS = MigrationFixture.name("words");
  private static final CollectionName INTS = MigrationFixture.name("ints");
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final int KILLS = 60;

  private Path dir = Path.of("");

  @BeforeEach
  void makeDirectory() throws IOException {
    dir =
        Files.isWritable(MEMORY)
            ? Files.createTempDirectory(MEMORY, "ferry")
            : Files.createTempDirectory("ferry");
  }

  @AfterEach
  void removeDirectory() throws IOException {
    try (var files = Files.walk(dir)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aMigrationCompletesAfterAKillAtAnyCall(boolean serverActs) throws IOException {
    KillSwitch counter = new KillSwitch(Integer.MAX_VALUE, serverActs);
    MigrationFixture undisturbed = fixture("undisturbed");
    assertThat(
            undisturbed
                .run(counter.guard(undisturbed.source), counter.guard(undisturbed.target))
                .proven())
        .isTrue();
    assertComplete(undisturbed, "undisturbed");
    int calls = counter.calls();
    assertThat(calls).isGreaterThan(KILLS);
    Random random = new Random(11);
    for (int i = 0; i < KILLS; i++) {
      int n = 1 + (int) ((long) i * calls / KILLS) + random.nextInt(calls / KILLS);
      MigrationFixture fixture = fixture("kill-" + n);
      KillSwitch kill = new KillSwitch(n, serverActs);
      Throwable end =
          catchThrowable(() -> fixture.run(kill.guard(fixture.source), kill.guard(fixture.target)));
      String what = "killed at call %d: %s".formatted(n, end);
      // Threads may divide the calls in another way, so that the last ones may not be reached.
      if (kill.acted()) {
        MigrationResult second = fixture.run();
        assertThat(second.failure()).as(what).isEmpty();
        assertThat(second.proven()).as(what).isTrue();
      }
      assertComplete(fixture, what);
    }
  }

  private MigrationFixture fixture(String name) throws IOException {
    MigrationFixture fixture = new MigrationFixture(Files.createDirectories(dir.resolve(name)));
    fixture.fill(
        WORDS, MigrationFixture.schema(FieldType.VARCHAR, FieldType.FLOAT_VECTOR), 40, "p1", "p2");
    fixture.fill(INTS, MigrationFixture.schema(FieldType.INT64, FieldType.BINARY_VECTOR), 250);
    fixture.source.source(INTS).release();
    fixture.load = true;
    fixture.jobs = 2;
    return fixture;
  }

  private static void assertComplete(MigrationFixture fixture, String what) throws IOException {
    assertThat(fixture.rowsAtTarget(WORDS)).as(what).isEqualTo(80);
    assertThat(fixture.source.source(INTS).loadState()).as(what).isEqualTo(LoadState.NOT_LOADED);
    assertThat(fixture.source.source(INTS).describe().indexes()).as(what).hasSize(1);
    assertThat(fixture.target.source(INTS).describe())
        .as(what)
        .isEqualTo(fixture.source.source(INTS).describe());
    assertThat(fixture.target.source(WORDS).describe())
        .as(what)
        .isEqualTo(fixture.source.source(WORDS).describe());
    assertThat(fixture.target.collections("default")).as(what).containsExactly(INTS, WORDS);
    assertThat(fixture.parts()).as(what).isEmpty();
  }
}
