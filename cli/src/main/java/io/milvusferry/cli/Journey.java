package io.milvusferry.cli;

import io.milvusferry.cli.output.Report;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.transfer.ShipAhead;

/** Steps one after the other, each of which resumes by itself. */
final class Journey {
  private Journey() {}

  /**
   * Exports and ships; what is exported is shipped while the rest is read. Until all is shipped,
   * and what follows there is done, a rerun ships what is sealed already instead of exporting anew.
   * The archive stays until the next journey, since the receiver may ask for chunks again.
   */
  static Report send(Workspace workspace, ExportStep export, ShipStep ship, ProgressSink progress) {
    ship.requireCommands();
    if (workspace.done()) {
      workspace.remove();
    }
    if (workspace.sealed()) {
      progress.notice("an earlier run exported this already; shipping what it sealed");
      return finished(workspace, ship.report(progress));
    }
    try (ShipAhead ahead = ship.ahead(progress)) {
      Report exported = export.report(new ShippingListener(ahead), progress);
      return new JoinedReport(exported, finished(workspace, ship.report(ahead.finish())));
    }
  }

  /** Collections that failed to be exported come with the next journey, not with a rerun. */
  private static Report finished(Workspace workspace, Report shipped) {
    if (shipped.failure().isEmpty()) {
      workspace.finish();
    }
    return shipped;
  }

  /**
   * Receives and imports. What was received is removed once all collections are imported and every
   * row is proven at the target; until then a rerun imports it instead of fetching it anew.
   */
  static Report restore(
      Workspace workspace, ReceiveStep receive, ImportStep load, ProgressSink progress) {
    if (workspace.sealed()) {
      progress.notice("an earlier run received this already; importing what it verified");
    } else {
      Report received = receive.report(progress);
      if (received.failure().isPresent()) {
        return received;
      }
    }
    ImportReport imported = load.report(progress);
    if (imported.result().proven() && load.takesAll()) {
      workspace.remove();
    }
    return imported;
  }
}
