package io.milvusferry.migration.live;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.gateway.ReadCounts;
import io.milvusferry.manifest.AtomicFile;
import io.milvusferry.manifest.CollectionName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Splits reads in an Nginx, of which ferry owns one included file and nothing else. The file before
 * lies beside it, under a name that ends in {@code .previous}.
 */
final class NginxSplitter implements ReadSplitter {
  private static final String PREVIOUS = ".previous";

  private final NginxSettings settings;
  private final NginxAddresses addresses;
  private final NginxServer server;
  private final NginxLog log;
  private final InstantSource clock;

  NginxSplitter(
      NginxSettings settings, NginxAddresses addresses, NginxServer server, InstantSource clock) {
    this.settings = settings;
    this.addresses = addresses;
    this.server = server;
    this.clock = clock;
    this.log =
        new NginxLog(
            settings.log(),
            NginxAddresses.resolved(addresses.source()),
            NginxAddresses.resolved(addresses.target()));
  }

  @Override
  public boolean splitsByCollection() {
    return false;
  }

  /**
   * Writes the file, has Nginx check it, and has it read.
   *
   * @throws FerryException {@code NGINX_REFUSED} if the file is somebody else's, or Nginx refuses
   *     its configuration; the file is as it was then
   */
  @Override
  public void weigh(List<CollectionName> collections, int percent) {
    replace(percent, false);
  }

  /** Sends all calls to the target, also those that write. */
  void retire() {
    replace(100, true);
  }

  private void replace(int percent, boolean retired) {
    Path file = settings.include();
    Optional<String> old = content();
    if (old.isPresent() && !NginxInclude.isOurs(old.get())) {
      throw new FerryException(
          ErrorCode.NGINX_REFUSED,
          "%s is not ferry's: its first line is not '%s'".formatted(file, NginxInclude.HEADER),
          "Name a file of its own with --nginx-include, and include it in http { }.",
          null);
    }
    String wanted =
        new NginxInclude(addresses, percent, clock.millis(), log.size(), retired).text();
    try {
      if (old.isPresent()) {
        write(file.resolveSibling(file.getFileName() + PREVIOUS), old.get());
      }
      write(file, wanted);
      try {
        server.check();
      } catch (FerryException e) {
        if (old.isPresent()) {
          write(file, old.get());
        } else {
          Files.delete(file);
        }
        throw e;
      }
    } catch (IOException e) {
      throw LocalFailure.of(e, file);
    }
    server.reload();
  }

  @Override
  public ReadCounts reads(CollectionName collection) {
    return log.since(content().map(NginxInclude::mark).orElse(new NginxInclude.Mark(0, 0)));
  }

  private Optional<String> content() {
    Path file = settings.include();
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException e) {
      throw LocalFailure.of(e, file);
    }
  }

  private static void write(Path file, String text) throws IOException {
    AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
