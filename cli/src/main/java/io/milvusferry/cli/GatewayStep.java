package io.milvusferry.cli;

import com.google.gson.JsonObject;
import io.milvusferry.cli.output.Report;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.Gateway;
import io.milvusferry.gateway.GatewaySettings;
import io.milvusferry.gateway.proxy.ListenSettings;
import io.milvusferry.progress.ProgressSink;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Runs a gateway until a signal comes. */
record GatewayStep(Session session, GatewayCommand command) {

  /** Ends when this thread is interrupted. */
  Report run(ProgressSink progress) {
    try (Gateway gateway = session.entryPoints().gateway(settings())) {
      announce(gateway);
      new CountDownLatch(1).await();
      throw new AssertionError("a latch that nobody counts down was passed");
    } catch (InterruptedException stop) {
      return new Stopped();
    }
  }

  private GatewaySettings settings() {
    Servers servers = new Servers(session, command.common);
    if ((command.tlsCert == null) != (command.tlsKey == null)
        || (command.tlsClientCa != null && command.tlsCert == null)) {
      throw new FerryException(
          ErrorCode.USAGE,
          "--tls-cert, --tls-key and --tls-client-ca do not fit together",
          "Give --tls-cert with --tls-key, and --tls-client-ca only beside them.",
          null);
    }
    return new GatewaySettings(
        servers.connection(command.from),
        servers.connection(command.into),
        new ListenSettings(
            command.listen.resolve(),
            Optional.ofNullable(command.tlsCert),
            Optional.ofNullable(command.tlsKey),
            Optional.ofNullable(command.tlsClientCa)),
        command.state,
        command.maxLag,
        ProductVersion.current().toString(),
        session.surroundings().clock());
  }

  private void announce(Gateway gateway) {
    String address = command.listen.host() + ":" + gateway.port();
    if (command.common.json) {
      JsonObject line = new JsonObject();
      line.addProperty("type", "ready");
      line.addProperty("listen", address);
      session.console().result(line);
    } else {
      session.console().result("gateway ready at " + address);
    }
  }

  private record Stopped() implements Report {
    @Override
    public List<String> lines() {
      return List.of("gateway stopped; nothing is lost");
    }

    @Override
    public void describe(JsonObject result) {
      result.addProperty("stopped", true);
    }
  }
}
