package io.milvusferry.cli;

import com.google.gson.JsonObject;
import io.milvusferry.cli.output.Report;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.gateway.ReadCounts.SideReads;
import io.milvusferry.migration.live.CollectionStatus;
import io.milvusferry.migration.live.LiveStatus;
import io.milvusferry.migration.live.MigrationPhase;
import io.milvusferry.migration.live.PrometheusText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a live migration stands.
 *
 * @param prometheus whether lines are as Prometheus reads them
 */
record LiveStatusReport(LiveStatus status, boolean prometheus) implements Report {
  @Override
  public List<String> lines() {
    if (prometheus) {
      return PrometheusText.of(status).lines().toList();
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "gateway    %s   %s -> %s   reads split by %s"
            .formatted(
                status.gateway().listen(),
                status.gateway().source(),
                status.gateway().target(),
                status.splitter()));
    if (status.collections().isEmpty()) {
      lines.add("no collection is being migrated");
    }
    status.collections().forEach(each -> collection(each, lines));
    return lines;
  }

  private static void collection(CollectionStatus each, List<String> lines) {
    lines.add(
        "%s   phase %s   %d %% of reads at the target%s"
            .formatted(
                each.collection().name(),
                each.collection().done().word(),
                each.readWeight(),
                each.settled()
                    ? ""
                    : ", by a cutover that runs or was broken off; the last step that held was %d %%"
                        .formatted(each.collection().readWeight())));
    each.mirror().ifPresent(mirror -> lines.add(mirror(mirror)));
    each.collection()
        .comparison()
        .ifPresent(
            note ->
                lines.add(
                    "  compared   %s   %d rows, %d differ, %d repaired, %s"
                        .formatted(
                            note.at(),
                            note.rows(),
                            note.differences(),
                            note.repaired(),
                            note.rounds() == 1 ? "1 round" : note.rounds() + " rounds")));
    each.collection()
        .shadow()
        .ifPresent(
            note ->
                lines.add(
                    String.format(
                        Locale.ROOT,
                        "  shadow     recall %.3f of %d searches, %.3f of %d probes; p50 %d us at"
                            + " the source, %d us at the target",
                        note.recall(),
                        note.searches(),
                        note.probeRecall(),
                        note.probes(),
                        note.sourceP50Micros(),
                        note.targetP50Micros())));
    lines.add(
        "  reads      source %s   target %s   %d fell back"
            .formatted(
                side(each.reads().source()), side(each.reads().target()), each.reads().fellBack()));
    if (!each.collection().note().isEmpty()) {
      lines.add("  note       " + each.collection().note());
    }
    lines.add(
        each.collection().done() == MigrationPhase.RETIRE
            ? "  retired: nothing is left to do"
            : "  safe to cut over: " + each.safety().words());
  }

  private static String mirror(MirrorStatus mirror) {
    return "  journal    %s%s   %d records, %s s behind   %d failed writes, %d unresolved%s"
        .formatted(
            mirror.direction().name().toLowerCase(Locale.ROOT),
            mirror.replaying() ? "" : " (held)",
            mirror.pendingRecords(),
            Seconds.of(mirror.lag()),
            mirror.failedWrites(),
            mirror.unresolved(),
            mirror.dirty() ? ", to be compared" : "");
  }

  private static String side(SideReads reads) {
    return String.format(
        Locale.ROOT,
        "%d calls, %.1f %% failed, p95 %d us",
        reads.calls(),
        reads.errorRate() * 100,
        reads.p95Micros());
  }

  @Override
  public void describe(JsonObject result) {
    status.json().entrySet().forEach(entry -> result.add(entry.getKey(), entry.getValue()));
  }
}
