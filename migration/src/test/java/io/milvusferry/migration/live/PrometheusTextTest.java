package io.milvusferry.migration.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.gateway.ReadCounts;
import io.milvusferry.gateway.ReadCounts.SideReads;
import io.milvusferry.manifest.NameFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrometheusTextTest {
  @TempDir Path dir;

  private LiveStatus status() {
    LiveFixture live = new LiveFixture(dir);
    live.create(LiveFixture.SHOP, 20);
    live.start(LiveFixture.QUICK);
    live.gateway.readsAre(
        weight -> new ReadCounts(new SideReads(9, 1, 100, 250), SideReads.NONE, 0));
    return live.migration().status(NameFilter.ALL, Duration.ofSeconds(5));
  }

  @Test
  void namesEveryCollectionInEveryGauge() {
    List<String> lines = PrometheusText.of(status()).lines().toList();

    assertThat(lines)
        .contains(
            "ferry_live_phase{database=\"default\",collection=\"shop\"} 6",
            "ferry_live_differences{database=\"default\",collection=\"shop\"} 0",
            "ferry_live_safe_to_cut_over{database=\"default\",collection=\"shop\"} 1",
            "ferry_live_read_errors{database=\"default\",collection=\"shop\",side=\"source\"} 1",
            "ferry_live_read_p95_seconds{database=\"default\",collection=\"shop\",side=\"source\"}"
                + " 2.5E-4");
    assertThat(lines)
        .allMatch(line -> line.matches("# (HELP|TYPE) \\S+ .+|\\w+(\\{[^}]+})? -?[0-9.E-]+"));
  }

  @Test
  void writesTheSameToAFile() throws IOException {
    LiveStatus status = status();
    Path file = dir.resolve("ferry.prom");

    PrometheusText.write(status, file);

    assertThat(Files.readString(file)).isEqualTo(PrometheusText.of(status));
    assertThat(status.json().getAsJsonArray("collections").get(0).getAsJsonObject())
        .satisfies(
            shop -> {
              assertThat(shop.get("phase").getAsString()).isEqualTo("shadow");
              assertThat(shop.get("safeToCutOver").getAsBoolean()).isTrue();
            });
  }

  @Test
  void tellTheShareOfReadsThatTheGatewaySplitsThoughTheLastStepHeldAnother() {
    LiveFixture live = new LiveFixture(dir);
    live.create(LiveFixture.SHOP, 20);
    live.start(LiveFixture.QUICK);
    live.gateway.readWeight(LiveFixture.SHOP, 50);

    LiveStatus status = live.migration().status(NameFilter.ALL, Duration.ofSeconds(5));

    CollectionStatus shop = status.collections().get(0);
    assertThat(shop.readWeight()).isEqualTo(50);
    assertThat(shop.collection().readWeight()).isZero();
    assertThat(shop.settled()).isFalse();
    assertThat(PrometheusText.of(status))
        .contains("ferry_live_read_weight_percent{database=\"default\",collection=\"shop\"} 50");
  }
}
