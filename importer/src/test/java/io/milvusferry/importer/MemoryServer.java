package io.milvusferry.importer;

import io.milvusferry.connector.Capabilities;
import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.CollectionTarget;
import io.milvusferry.connector.ImportTask;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.manifest.SourceInfo;
import io.milvusferry.record.RecordBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** A server in memory that keeps what it is told, duplicates included, as a real one does. */
final class MemoryServer implements MilvusServer {
  /** What becomes of a bulk import. */
  enum Fate {
    DONE,
    FAILED,
    STUCK,
    FORGOTTEN
  }

  /** What becomes of a call. */
  enum Fault {
    /** The server refuses for the moment and does nothing. */
    QUOTA,
    /** The call does not reach the server. */
    LOST,
    /** The server acts, but its answer does not arrive. */
    ANSWER_LOST
  }

  private final MemoryArchive archive;
  final Map<CollectionName, MemoryCollection> collections = new TreeMap<>();
  final Map<CollectionName, CollectionName> aliases = new TreeMap<>();
  final TreeSet<String> databases = new TreeSet<>(List.of("default"));
  final Map<Long, Task> tasks = new TreeMap<>();
  final Deque<Fate> fates = new ArrayDeque<>();
  final Deque<Fault> submitFaults = new ArrayDeque<>();
  final Deque<Fault> insertFaults = new ArrayDeque<>();
  Capabilities capabilities = new Capabilities(true, true, true, true, true, true, true);
  boolean blind;
  private long ids = 1000;

  MemoryServer(MemoryArchive archive) {
    this.archive = archive;
  }

  long nextId() {
    return ++ids;
  }

  MemoryCollection collection(CollectionName name) {
    MemoryCollection found = collections.get(aliases.getOrDefault(name, name));
    if (found == null) {
      throw new FerryException(ErrorCode.COLLECTION_NOT_FOUND, "no " + name, "Look.", null);
    }
    return found;
  }

  /** One bulk import; it moves on when it is looked at. */
  final class Task {
    final long id = nextId();
    final CollectionName name;
    final long collectionId;
    final String partition;
    final String file;
    Fate fate;
    ImportTask.State state = ImportTask.State.PENDING;
    long rows;
    String reason = "";

    Task(CollectionName name, String partition, String file, Fate fate) {
      this.name = name;
      this.collectionId = collection(name).id;
      this.partition = partition;
      this.file = file;
      this.fate = fate;
    }

    /** Lets a stuck task go on. */
    void unstick() {
      fate = Fate.DONE;
    }

    void step() {
      if (state == ImportTask.State.PENDING) {
        state = ImportTask.State.RUNNING;
      } else if (state == ImportTask.State.RUNNING && fate != Fate.STUCK) {
        finish();
      }
    }

    private void finish() {
      MemoryCollection collection = collections.get(name);
      if (fate == Fate.FAILED) {
        fail("task marked failed as service restarted");
      } else if (collection == null || collection.id != collectionId) {
        fail("collection not found");
      } else if (blind || !Files.exists(Path.of(file))) {
        fail("failed to get file size of '%s', error:no such file or directory".formatted(file));
      } else {
        RecordBatch batch = archive.rowsOf(content());
        Optional<String> strange =
            batch.fields().stream()
                .map(io.milvusferry.manifest.FieldSpec::name)
                .filter(field -> collection.description.schema().field(field).isEmpty())
                .findFirst();
        if (strange.isPresent()) {
          fail("the field: " + strange.get() + " is not in schema: importing data failed");
          return;
        }
        collection.add(partition, batch);
        rows = batch.rows();
        state = ImportTask.State.DONE;
      }
    }

    private String content() {
      try {
        return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    private void fail(String why) {
      state = ImportTask.State.FAILED;
      reason = why;
    }

    ImportTask seen() {
      return new ImportTask(
          id,
          state,
          state == ImportTask.State.DONE ? 100 : 10,
          rows,
          reason,
          List.of(file),
          name.name(),
          partition,
          collectionId,
          1,
          List.of());
    }
  }

  long submit(CollectionName name, String partition, String file) {
    boolean probe = name.name().startsWith("ferry_probe");
    Optional<Fault> fault = probe ? Optional.empty() : Optional.ofNullable(submitFaults.poll());
    if (fault.isPresent() && fault.get() != Fault.ANSWER_LOST) {
      throw failure(fault.get());
    }
    Fate fate = probe || fates.isEmpty() ? Fate.DONE : fates.remove();
    Task task = new Task(name, partition, file, fate);
    tasks.put(task.id, task);
    if (fault.isPresent()) {
      throw failure(fault.get());
    }
    return task.id;
  }

  ImportTask task(long id) {
    Task task = tasks.get(id);
    if (task == null || task.fate == Fate.FORGOTTEN) {
      tasks.remove(id);
      throw new FerryException(ErrorCode.SERVER_INCAPABLE, "key not found " + id, "Look.", null);
    }
    task.step();
    return task.seen();
  }

  static FerryException failure(Fault fault) {
    return fault == Fault.QUOTA
        ? new FerryException(ErrorCode.SERVER_QUOTA, "rate limited", "Wait.", null)
        : new FerryException(ErrorCode.SERVER_TIMEOUT, "no answer", "Run again.", null);
  }

  /** How many rows a collection holds, loaded or not, duplicates counted. */
  long rows(CollectionName name) {
    return collection(name).rows();
  }

  /** Parts whose rows a task has loaded, as often as it did. */
  List<String> loadedFiles(PartEntry part) {
    List<String> files = new ArrayList<>();
    tasks.values().stream()
        .filter(task -> task.state == ImportTask.State.DONE)
        .filter(task -> task.content().equals(part.path()))
        .forEach(task -> files.add(task.file));
    return files;
  }

  @Override
  public SourceInfo info() {
    return new SourceInfo("v2.3.5-memory", capabilities.names());
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public List<String> databases() {
    return List.copyOf(databases);
  }

  @Override
  public SortedMap<String, String> databaseProperties(String database) {
    return new TreeMap<>();
  }

  @Override
  public void createDatabase(String database) {
    databases.add(database);
  }

  @Override
  public List<CollectionName> collections(String database) {
    return collections.keySet().stream().filter(name -> name.database().equals(database)).toList();
  }

  @Override
  public CollectionSource source(CollectionName name) {
    return new MemorySource(this, name);
  }

  @Override
  public CollectionTarget target(CollectionName name) {
    return new MemoryTarget(this, name);
  }

  @Override
  public List<ImportTask> importTasks(String database) {
    return tasks.values().stream()
        .filter(task -> task.name.database().equals(database))
        .peek(Task::step)
        .map(Task::seen)
        .toList();
  }

  @Override
  public void setAlias(CollectionName name, String alias) {
    aliases.put(new CollectionName(name.database(), alias), name);
  }

  @Override
  public void close() {}
}
