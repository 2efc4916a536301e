package io.milvusferry.cli;

import com.google.gson.JsonObject;
import io.milvusferry.manifest.CollectionName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of the real command on real servers have, and leave nothing of. */
abstract class LiveCase {
  static final long SEED = 20_261_124;

  @TempDir Path dir;
  protected Live live;
  protected FerryCommand ferry;
  private Path inbox;

  @BeforeEach
  final void connect() {
    live = new Live();
    ferry = new FerryCommand(dir.resolve("home"));
    inbox = Live.sftpDirectory().resolve(live.name("inbox").name());
  }

  @AfterEach
  final void leaveNothing() throws IOException {
    try {
      ferry.close();
      delete(inbox);
    } finally {
      live.close();
    }
  }

  static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** Where this test ships to, as the disk of the SFTP server has it. */
  final Path inbox() {
    return inbox;
  }

  /** The words of a command, with those that reach the SFTP server. */
  static Object[] overSsh(Object... words) {
    List<Object> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--ssh-key", Live.sshKey(), "--known-hosts", Live.knownHosts()));
    return all.toArray();
  }

  /** Exports the collections of this test. */
  final Path export(String directory) {
    Path archive = dir.resolve(directory);
    ferry
        .run("export", "--from", Live.sourceUri(), "--to", archive, "--only", live.all())
        .succeeds();
    return archive;
  }

  /** The words that export the collections of this test, and further ones. */
  final Object[] exportTo(Path archive, Object... further) {
    List<Object> words =
        new ArrayList<>(
            List.of("export", "--from", Live.sourceUri(), "--to", archive, "--only", live.all()));
    words.addAll(List.of(further));
    return words.toArray();
  }

  /** What a result says about one collection. */
  static JsonObject entry(FerryRun run, CollectionName name) {
    for (var element : run.result().getAsJsonArray("collections")) {
      if (element.getAsJsonObject().get("name").getAsString().equals(name.name())) {
        return element.getAsJsonObject();
      }
    }
    throw new AssertionError(name + " is not in " + run);
  }
}
