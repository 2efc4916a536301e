package io.milvusferry.cli;

import io.milvusferry.connector.ConnectionSettings;
import io.milvusferry.connector.MilvusConnection;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.exporter.ExportListener;
import io.milvusferry.exporter.ExportRequest;
import io.milvusferry.exporter.ExportResult;
import io.milvusferry.exporter.Exporter;
import io.milvusferry.gateway.Gateway;
import io.milvusferry.gateway.GatewayControl;
import io.milvusferry.gateway.GatewaySettings;
import io.milvusferry.gateway.admin.AdminClient;
import io.milvusferry.importer.ImportRequest;
import io.milvusferry.importer.ImportResult;
import io.milvusferry.importer.Importer;
import io.milvusferry.importer.Pause;
import io.milvusferry.importer.PlanResult;
import io.milvusferry.importer.SwapAction;
import io.milvusferry.manifest.Archive;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.migration.Migration;
import io.milvusferry.migration.MigrationRequest;
import io.milvusferry.migration.MigrationResult;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.signature.OriginCheck;
import io.milvusferry.transfer.ReceiveRequest;
import io.milvusferry.transfer.ReceiveResult;
import io.milvusferry.transfer.ShipAhead;
import io.milvusferry.transfer.ShipRequest;
import io.milvusferry.transfer.ShipResult;
import io.milvusferry.transfer.Shipment;
import io.milvusferry.verify.ArchiveVerifier;
import io.milvusferry.verify.ComparisonSettings;
import io.milvusferry.verify.VerificationReport;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The entry classes of the modules, as commands call them. */
interface EntryPoints {
  /** The real ones. */
  EntryPoints REAL = new EntryPoints() {};

  /** Connects with a server. */
  default MilvusServer connect(ConnectionSettings settings) {
    return MilvusConnection.open(settings);
  }

  /** Exports collections into an archive, while somebody hears of each part. */
  default ExportResult export(ExportRequest request, ExportListener listener) {
    return new Exporter(new SecureRandom()).export(request, listener);
  }

  /** Imports an archive into a server. */
  default ImportResult importArchive(ImportRequest request, InstantSource clock) {
    return new Importer(clock, new SecureRandom()).importArchive(request);
  }

  /** Says what importing an archive would do. */
  default PlanResult planImport(ImportRequest request, InstantSource clock) {
    return new Importer(clock, new SecureRandom()).plan(request);
  }

  /** Drops or puts back what an import has swapped. */
  default List<CollectionName> swap(
      SwapAction action,
      String archiveId,
      MilvusServer target,
      String targetId,
      Path state,
      InstantSource clock) {
    return new Importer(clock, new SecureRandom()).swap(action, archiveId, target, targetId, state);
  }

  /** Moves collections from server to server. */
  default MigrationResult migrate(MigrationRequest request, ComparisonSettings comparison) {
    return new Migration(new SecureRandom(), Pause.SLEEP, comparison).migrate(request);
  }

  /** Ships an archive. */
  default ShipResult ship(ShipRequest request, ProgressSink progress) {
    return new Shipment(progress).ship(request);
  }

  /** Begins to ship an archive that is still being made. */
  default ShipAhead shipAhead(ShipRequest request, ProgressSink progress) {
    return new Shipment(progress).ahead(request);
  }

  /** Receives a bundle. */
  default ReceiveResult receive(ReceiveRequest request, ProgressSink progress) {
    return new Shipment(progress).receive(request);
  }

  /** How long a difference must last before it is believed. */
  default Duration rereadDelay() {
    return ComparisonSettings.DEFAULT.rereadDelay();
  }

  /** Starts a gateway. */
  default Gateway gateway(GatewaySettings settings) {
    return Gateway.start(settings);
  }

  /** Steers the gateway of a state directory. */
  default GatewayControl steer(Path state) {
    return AdminClient.open(state);
  }

  /** Opens a sealed archive. */
  default Archive open(Path archive) {
    return Archive.open(archive);
  }

  /** Reads every byte of an archive, {@code jobs} files at once. */
  default VerificationReport verify(
      Path archive, int jobs, OriginCheck origin, ProgressSink progress) {
    ExecutorService executor = Executors.newFixedThreadPool(jobs);
    try {
      return new ArchiveVerifier(executor, progress, origin).verify(archive);
    } finally {
      executor.shutdownNow();
    }
  }
}
