package io.milvusferry.migration.live;

import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.manifest.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.ToDoubleFunction;

/** A status in the text format that Prometheus scrapes, and that its node exporter collects. */
public final class PrometheusText {
  private static final double MICROS = 1_000_000;

  private final StringBuilder text = new StringBuilder();
  private final LiveStatus status;

  private PrometheusText(LiveStatus status) {
    this.status = status;
  }

  /** All gauges of a status. */
  public static String of(LiveStatus status) {
    return new PrometheusText(status).build();
  }

  /**
   * Writes the same to a file, which is never seen half written.
   *
   * @throws FerryException when the disk does not take it
   */
  public static void write(LiveStatus status, Path file) {
    try {
      AtomicFile.write(file, of(status).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw LocalFailure.of(e, file);
    }
  }

  private String build() {
    family("ferry_live_phase", "the last phase that is done: 1 prepare to 9 retire");
    each("ferry_live_phase", "", each -> number(each.collection().done()));
    family("ferry_live_lag_records", "writes that the side that follows lacks");
    each("ferry_live_lag_records", "", each -> mirror(each, MirrorStatus::pendingRecords));
    family("ferry_live_lag_seconds", "age of the oldest of them");
    each(
        "ferry_live_lag_seconds",
        "",
        each -> mirror(each, mirror -> mirror.lag().toMillis() / 1000.0));
    family("ferry_live_failed_writes", "writes that the side that follows refused for good");
    each("ferry_live_failed_writes", "", each -> mirror(each, MirrorStatus::failedWrites));
    family("ferry_live_unresolved_writes", "writes whose outcome is unknown yet");
    each("ferry_live_unresolved_writes", "", each -> mirror(each, MirrorStatus::unresolved));
    family("ferry_live_differences", "rows that differed in the last round of comparison");
    each(
        "ferry_live_differences",
        "",
        each -> each.collection().comparison().map(ComparisonNote::differences).orElse(-1L));
    family("ferry_live_read_weight_percent", "share of reads that the target gets");
    each("ferry_live_read_weight_percent", "", each -> (double) each.readWeight());
    family("ferry_live_reads", "reads since they were last weighed");
    each("ferry_live_reads", "source", each -> (double) each.reads().source().calls());
    each("ferry_live_reads", "target", each -> (double) each.reads().target().calls());
    family("ferry_live_read_errors", "those of them that failed");
    each("ferry_live_read_errors", "source", each -> (double) each.reads().source().errors());
    each("ferry_live_read_errors", "target", each -> (double) each.reads().target().errors());
    family("ferry_live_read_p95_seconds", "95th percentile of their latency");
    each(
        "ferry_live_read_p95_seconds",
        "source",
        each -> each.reads().source().p95Micros() / MICROS);
    each(
        "ferry_live_read_p95_seconds",
        "target",
        each -> each.reads().target().p95Micros() / MICROS);
    family("ferry_live_recall", "share of the source's hits that the target found, -1 if unknown");
    each(
        "ferry_live_recall",
        "",
        each -> each.collection().shadow().map(ShadowNote::leastRecall).orElse(-1.0));
    family("ferry_live_safe_to_cut_over", "1 if reads can be cut over now");
    each("ferry_live_safe_to_cut_over", "", each -> each.safety().safe() ? 1.0 : 0.0);
    family("ferry_gateway_journal_bytes", "size of the gateway's journal");
    text.append("ferry_gateway_journal_bytes ")
        .append(status.gateway().journalBytes())
        .append('\n');
    return text.toString();
  }

  private static double number(MigrationPhase phase) {
    int number = 1;
    for (MigrationPhase each : MigrationPhase.values()) {
      if (each == phase) {
        return number;
      }
      number++;
    }
    throw new IllegalStateException(phase.word());
  }

  private static double mirror(CollectionStatus each, ToDoubleFunction<MirrorStatus> value) {
    return each.mirror().map(value::applyAsDouble).orElse(0.0);
  }

  private void family(String name, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(" gauge\n");
  }

  private void each(String name, String side, ToDoubleFunction<CollectionStatus> value) {
    for (CollectionStatus each : status.collections()) {
      text.append(name)
          .append("{database=\"")
          .append(escaped(each.collection().name().database()))
          .append("\",collection=\"")
          .append(escaped(each.collection().name().name()));
      if (!side.isEmpty()) {
        text.append("\",side=\"").append(side);
      }
      double number = value.applyAsDouble(each);
      text.append("\"} ")
          .append(
              number == Math.rint(number) && Math.abs(number) < 1e15
                  ? Long.toString((long) number)
                  : Double.toString(number))
          .append('\n');
    }
  }

  private static String escaped(String label) {
    return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
