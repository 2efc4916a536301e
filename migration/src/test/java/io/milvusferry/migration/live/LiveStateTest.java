package io.milvusferry.migration.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveStateTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

  @TempDir Path dir;

  @Test
  void givesBackEverythingThatWasRecorded() {
    LiveCollection collection =
        new LiveCollection(
            LiveFixture.SHOP,
            MigrationPhase.CUT_OVER,
            Long.MAX_VALUE,
            50,
            Optional.of(new ComparisonNote(NOW, 3, 1L << 60, 0, 17)),
            Optional.of(new ShadowNote(NOW, 40, 2, 0.75, 900, 1100, 20, 0.5)),
            "went \"back\"",
            NOW);
    NginxSettings nginx =
        new NginxSettings(Path.of("/etc/a"), Path.of("/var/b"), List.of("sudo", "nginx"));
    try (LiveState state = LiveState.open(dir)) {
      state.put(collection);
      state.splitBy(nginx);
    }

    LiveStateJson.Content read = LiveState.peek(dir);

    assertThat(read.collections()).containsOnly(java.util.Map.entry(LiveFixture.SHOP, collection));
    assertThat(read.nginx()).contains(nginx);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{\"liveVersion\":2,\"collections\":[]}",
        "{\"liveVersion\":1}",
        "{\"liveVersion\":1,\"collections\":[{\"database\":\"default\"}]}"
      })
  void refusesWhatItCannotRead(String text) throws IOException {
    Files.writeString(dir.resolve("live.json"), text);

    assertThatThrownBy(() -> LiveState.open(dir))
        .isInstanceOf(FerryException.class)
        .extracting(e -> ((FerryException) e).code())
        .isEqualTo(ErrorCode.JOURNAL_DAMAGED);
    assertThatThrownBy(() -> LiveState.peek(dir)).isInstanceOf(FerryException.class);
  }
}
