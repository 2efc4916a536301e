package io.milvusferry.gateway;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The state of a gateway in the text format of Prometheus. */
final class MetricsText {
  private final List<MetricSnapshot> metrics = new ArrayList<>();
  private final GatewayStatus status;

  private MetricsText(GatewayStatus status) {
    this.status = status;
  }

  static String of(GatewayStatus status) {
    MetricsText text = new MetricsText(status);
    text.gateway();
    text.mirrors();
    text.reads();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(out, new MetricSnapshots(text.metrics));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private void gateway() {
    single("ferry_gateway_ready", "Whether the gateway is warmed up.", status.ready() ? 1 : 0);
    single(
        "ferry_gateway_uptime_seconds", "Since it started.", (double) status.uptime().toSeconds());
    single("ferry_journal_bytes", "Size of the journal on disk.", (double) status.journalBytes());
  }

  private void mirrors() {
    gauge("ferry_mirror_pending_records", "Writes not replayed.", MirrorStatus::pendingRecords);
    gauge(
        "ferry_mirror_lag_seconds",
        "Age of the oldest write that is not replayed.",
        mirror -> mirror.lag().toMillis() / 1000.0);
    gauge("ferry_mirror_failed_writes", "Writes refused for good.", MirrorStatus::failedWrites);
    gauge("ferry_mirror_unresolved_writes", "Outcome unknown.", MirrorStatus::unresolved);
    gauge("ferry_mirror_dirty", "Needs a comparison.", mirror -> mirror.dirty() ? 1 : 0);
    gauge("ferry_mirror_replaying", "Replay is on.", mirror -> mirror.replaying() ? 1 : 0);
    gauge("ferry_read_weight_percent", "Reads for the target.", MirrorStatus::readWeight);
    gauge("ferry_shadow_percent", "Searches asked twice.", MirrorStatus::shadowPercent);
    gauge("ferry_shadow_recall", "Mean recall.", mirror -> mirror.shadow().recall());
    gauge("ferry_reads_fell_back", "Meant for the target.", mirror -> mirror.reads().fellBack());
  }

  private void reads() {
    sides("ferry_reads", "Reads.", ReadCounts.SideReads::calls);
    sides("ferry_read_errors", "Reads that failed.", ReadCounts.SideReads::errors);
    sides("ferry_read_p50_seconds", "Median.", side -> side.p50Micros() / 1e6);
    sides("ferry_read_p95_seconds", "95th percentile.", side -> side.p95Micros() / 1e6);
  }

  private void single(String name, String help, double value) {
    metrics.add(
        GaugeSnapshot.builder()
            .name(name)
            .help(help)
            .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder().value(value).build())
            .build());
  }

  private void gauge(String name, String help, ToDoubleFunction<MirrorStatus> value) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    for (MirrorStatus mirror : status.mirrors()) {
      gauge.dataPoint(point(labels(mirror), value.applyAsDouble(mirror)));
    }
    metrics.add(gauge.build());
  }

  private void sides(String name, String help, ToDoubleFunction<ReadCounts.SideReads> value) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    for (MirrorStatus mirror : status.mirrors()) {
      ReadCounts reads = mirror.reads();
      gauge.dataPoint(
          point(labels(mirror).add("side", "source"), value.applyAsDouble(reads.source())));
      gauge.dataPoint(
          point(labels(mirror).add("side", "target"), value.applyAsDouble(reads.target())));
    }
    metrics.add(gauge.build());
  }

  private static GaugeSnapshot.GaugeDataPointSnapshot point(Labels labels, double value) {
    return GaugeSnapshot.GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }

  private static Labels labels(MirrorStatus mirror) {
    return Labels.of(
        "database", mirror.collection().database(), "collection", mirror.collection().name());
  }
}
