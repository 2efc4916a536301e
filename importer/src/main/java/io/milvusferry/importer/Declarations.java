package io.milvusferry.importer;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.JournalFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What imports and migrations into a server have declared about their collections, as their
 * journals tell: so that a later comparison knows which differences were announced.
 */
public final class Declarations {
  private static final int DEPTH = 6;

  private final Map<CollectionName, CollectionProgress> latest;

  private Declarations(Map<CollectionName, CollectionProgress> latest) {
    this.latest = latest;
  }

  /**
   * Reads the journals below a state directory; those of other servers are left out.
   *
   * @param targetId as imports were told it
   */
  public static Declarations of(Path stateDirectory, String targetId) {
    Map<CollectionName, CollectionProgress> latest = new java.util.TreeMap<>();
    for (Path journal : journals(stateDirectory, Importer.shortId(targetId))) {
      try {
        JournaledCollections told = new JournaledCollections();
        for (String line : JournalFile.read(journal)) {
          JsonObject record = JsonParser.parseString(line).getAsJsonObject();
          if (record.has("name")) {
            told.apply(record);
          }
        }
        latest.putAll(told.byName());
      } catch (IOException e) {
        throw LocalFailure.of(e, journal);
      }
    }
    return new Declarations(latest);
  }

  /**
   * What the latest import of a collection declared; nothing of a collection that was made anew by
   * others since.
   *
   * @param id the server's id of the collection that is there now
   */
  public List<Deviation> about(CollectionName name, long id) {
    CollectionProgress progress = latest.get(name);
    return progress == null || progress.id().filter(known -> known == id).isEmpty()
        ? List.of()
        : progress.declared();
  }

  /** The oldest first. */
  private static List<Path> journals(Path stateDirectory, String targetHash) {
    if (!Files.isDirectory(stateDirectory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(stateDirectory, DEPTH)) {
      List<Path> found = new ArrayList<>();
      for (Path file : (Iterable<Path>) files::iterator) {
        Path folder = file.getParent();
        if (file.endsWith("journal")
            && folder != null
            && folder.toString().endsWith("-" + targetHash)
            && Files.isRegularFile(file)) {
          found.add(file);
        }
      }
      found.sort(Comparator.comparing(Declarations::modified));
      return found;
    } catch (IOException e) {
      throw LocalFailure.of(e, stateDirectory);
    } catch (UncheckedIOException e) {
      throw LocalFailure.of(new IOException(e.getMessage(), e), stateDirectory);
    }
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
