package io.milvusferry.cli;

import io.milvusferry.connector.MilvusServer;
import io.milvusferry.importer.SwapAction;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A step after a swap, connected.
 *
 * @param archive its directory, or the first 16 hexadecimal digits of its id or more
 */
record SwapStep(Session session, CommonOptions common, String archive, String into) {
  private static final String ID = "[0-9a-f]{16,64}";

  SwapReport report(SwapAction action) {
    Path directory = Path.of(archive);
    boolean named = archive.matches(ID) && !Files.exists(directory);
    String id = named ? archive : session.entryPoints().open(directory).id().hex();
    Servers servers = new Servers(session, common);
    try (MilvusServer server = servers.target(into)) {
      session.console().message("check      Milvus " + server.info().version());
      return new SwapReport(
          action,
          session
              .entryPoints()
              .swap(
                  action,
                  id,
                  server,
                  servers.id(into),
                  session.surroundings().stateDirectory(),
                  session.surroundings().clock()));
    }
  }
}
