package io.milvusferry.cli;

import io.milvusferry.progress.ByteSize;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ferry gateway}. */
@Command(
    name = "gateway",
    description =
        "Stand in front of a server as a proxy that can mirror writes to another one and split"
            + " reads; runs until it is stopped.")
final class GatewayCommand implements Callable<Integer> {
  private final Session session;

  @Mixin CommonOptions common = new CommonOptions();

  @Option(
      names = "--from",
      required = true,
      paramLabel = "SRC",
      description = "The server in front of which it stands: http://host:19530, or a profile.")
  String from = "";

  @Option(
      names = "--into",
      required = true,
      paramLabel = "DST",
      description = "The server that is kept current: http://host:19530, or a profile.")
  String into = "";

  @Option(
      names = "--listen",
      required = true,
      paramLabel = "HOST:PORT",
      description = "Where applications connect, such as 0.0.0.0:19530.")
  HostAndPort listen = new HostAndPort("127.0.0.1", 0);

  @Option(
      names = "--state",
      required = true,
      paramLabel = "DIR",
      description = "Directory of the journal; the same after a restart.")
  Path state = Path.of("");

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "Certificate chain in PEM; connections of applications are then encrypted.")
  @Nullable Path tlsCert;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "Private key of --tls-cert.")
  @Nullable Path tlsKey;

  @Option(
      names = "--tls-client-ca",
      paramLabel = "FILE",
      description = "Let in only applications with a certificate of these authorities.")
  @Nullable Path tlsClientCa;

  @Option(
      names = "--max-lag",
      paramLabel = "SIZE",
      defaultValue = "10G",
      description =
          "Refuse writes while so many bytes are journaled and not replayed; default:"
              + " ${DEFAULT-VALUE}.")
  ByteSize maxLag = new ByteSize(0);

  GatewayCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    return session.run(common, "gateway", new GatewayStep(session, this)::run);
  }
}
