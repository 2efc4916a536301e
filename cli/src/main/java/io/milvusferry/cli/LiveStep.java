package io.milvusferry.cli;

import io.milvusferry.cli.output.Report;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.GatewayControl;
import io.milvusferry.gateway.GatewayStatus;
import io.milvusferry.migration.live.LiveMigration;
import io.milvusferry.migration.live.LiveSetup;
import io.milvusferry.migration.live.Pace;
import io.milvusferry.progress.ProgressSink;
import java.util.Optional;

/** What the commands of a live migration have in common: whom they speak to. */
record LiveStep(Session session, CommonOptions common, LiveOptions live) {
  /** What one command does. */
  @FunctionalInterface
  interface Work {
    Report run(LiveMigration migration, LiveSetup setup);
  }

  /** Finds the gateway, connects with its two servers, works, and disconnects. */
  Report run(ProgressSink progress, Work work) {
    try (GatewayControl gateway = session.entryPoints().steer(live.state)) {
      Servers servers = new Servers(session, common);
      GatewayStatus status = gateway.status();
      String from = word(servers, live.from(), status.source(), "--from");
      String into = word(servers, live.into(), status.target(), "--into");
      try (MilvusServer source = new LateServer(() -> servers.source(from));
          MilvusServer target = new LateServer(() -> servers.target(into))) {
        LiveSetup setup = new LiveSetup(live.state, gateway, source, target);
        return work.run(new LiveMigration(setup, Pace.REAL, progress), setup);
      }
    }
  }

  private static String word(Servers servers, Optional<String> given, String address, String flag) {
    if (given.isEmpty()) {
      return servers
          .profileAt(address)
          .orElse(address.contains("://") ? address : "http://" + address);
    }
    String meant = servers.connection(given.get()).address();
    if (!address.endsWith(meant)) {
      throw new FerryException(
          ErrorCode.USAGE,
          "%s is %s, but the gateway has %s".formatted(flag, meant, address),
          "Leave %s out, or name the server that the gateway was started with.".formatted(flag),
          null);
    }
    return given.get();
  }
}
