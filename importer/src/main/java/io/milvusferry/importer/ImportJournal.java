package io.milvusferry.importer;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.JournalFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What imports of one archive into one target have done and were about to do: a JSON object a line.
 *
 * <p>It prevents double loads. What may take effect at the server without ferry hearing of it is
 * recorded before the call, and its outcome after it.
 */
final class ImportJournal implements AutoCloseable {
  private final Path path;
  private final JournalFile file;
  private final JournaledCollections collections = new JournaledCollections();
  private final Set<String> probes = new LinkedHashSet<>();
  private final Set<String> stagingFolders = new LinkedHashSet<>();
  private @Nullable String importId;

  private ImportJournal(Path path, JournalFile file) {
    this.path = path;
    this.file = file;
  }

  /** Opens the journal, or begins one that names this import {@code newImportId}. */
  static ImportJournal open(Path path, String newImportId) {
    try {
      ImportJournal journal = new ImportJournal(path, JournalFile.open(path));
      for (String record : journal.file.replayed()) {
        journal.apply(JsonParser.parseString(record).getAsJsonObject());
      }
      if (journal.importId == null) {
        JsonObject record = record("import");
        record.addProperty("id", newImportId);
        journal.write(record);
      }
      return journal;
    } catch (IOException e) {
      throw LocalFailure.of(e, path);
    }
  }

  /** Names this import wherever it leaves something for a while. */
  String importId() {
    return Objects.requireNonNull(importId);
  }

  /** What is known of a target collection; nothing at first. */
  CollectionProgress progress(CollectionName target) {
    return collections.progress(target);
  }

  /** Probe collections that were about to be made and are not known to be gone. */
  Set<String> probes() {
    return Set.copyOf(probes);
  }

  /** Folders in staging directories that were about to be made and are not known to be gone. */
  Set<String> stagingFolders() {
    return Set.copyOf(stagingFolders);
  }

  /** All collections that anything is known of. */
  List<CollectionProgress> all() {
    return collections.all();
  }

  /** Whether the server may still read a part for a submission of unknown outcome. */
  boolean hasOpenSubmissions() {
    return collections.all().stream().anyMatch(CollectionProgress::hasOpenSubmissions);
  }

  void probing(String collection) {
    JsonObject record = record("probing");
    record.addProperty("collection", collection);
    write(record);
  }

  void probeGone(String collection) {
    JsonObject record = record("probeGone");
    record.addProperty("collection", collection);
    write(record);
  }

  void staging(String folder) {
    if (!stagingFolders.contains(folder)) {
      JsonObject record = record("staging");
      record.addProperty("folder", folder);
      write(record);
    }
  }

  void stagingGone(String folder) {
    JsonObject record = record("stagingGone");
    record.addProperty("folder", folder);
    write(record);
  }

  /** Starts a record about a collection; give it to {@link #write}. */
  static JsonObject about(CollectionName target, String type) {
    JsonObject record = record(type);
    record.addProperty("database", target.database());
    record.addProperty("name", target.name());
    return record;
  }

  /** Puts a record on disk, then takes note of it. */
  void write(JsonObject record) {
    try {
      file.append(record.toString());
    } catch (IOException e) {
      throw LocalFailure.of(e, path);
    }
    apply(record);
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw LocalFailure.of(e, path);
    }
  }

  private static JsonObject record(String type) {
    JsonObject record = new JsonObject();
    record.addProperty("type", type);
    return record;
  }

  private void apply(JsonObject record) {
    String type = record.get("type").getAsString();
    switch (type) {
      case "import" -> importId = record.get("id").getAsString();
      case "probing" -> probes.add(record.get("collection").getAsString());
      case "probeGone" -> probes.remove(record.get("collection").getAsString());
      case "staging" -> stagingFolders.add(record.get("folder").getAsString());
      case "stagingGone" -> stagingFolders.remove(record.get("folder").getAsString());
      default -> collections.apply(record);
    }
  }
}
