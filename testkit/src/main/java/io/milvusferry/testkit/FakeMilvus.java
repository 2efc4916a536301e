package io.milvusferry.testkit;

import io.milvusferry.connector.Capabilities;
import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.CollectionTarget;
import io.milvusferry.connector.ImportTask;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.SourceInfo;
import io.milvusferry.progress.Throttle;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A Milvus server in memory, with knobs for what goes wrong on real ones. It passes the same
 * contract suite as they do. Safe for several threads.
 */
public final class FakeMilvus implements MilvusServer {
  /** What a server that has everything can do. */
  public static final Capabilities EVERYTHING =
      new Capabilities(true, true, true, true, true, true, true);

  /**
   * What becomes of bulk imports that are submitted from now on.
   *
   * @param looksPending how often a task is still pending when it is looked at
   * @param reason why it fails then; empty if it succeeds
   */
  public record ImportFate(int looksPending, String reason) {
    /** Done when first looked at. */
    public static final ImportFate DONE = new ImportFate(0, "");

    /** Never leaves the queue. */
    public static final ImportFate STUCK = new ImportFate(Integer.MAX_VALUE, "");

    /** Fails when first looked at, and leaves a segment behind. */
    public static ImportFate failed(String reason) {
      return new ImportFate(0, reason);
    }
  }

  private static final int LOGICAL_BITS = 18;

  private final Capabilities capabilities;
  private final BulkReader reader;
  private final FakeFaults faults = new FakeFaults();
  private final FakeRules rules = new FakeRules();
  private final FakeImports imports = new FakeImports();
  private final TreeMap<CollectionName, FakeCollection> collections = new TreeMap<>();
  private final TreeMap<CollectionName, CollectionName> aliases = new TreeMap<>();
  private final TreeMap<String, SortedMap<String, String>> databases = new TreeMap<>();
  private ImportFate fate = ImportFate.DONE;
  private long lastId = 1000;
  private long clock = 1_700_000_000_000L;
  private int pageRows = 100;

  /** A server that has everything but files to import. */
  public FakeMilvus() {
    this(
        EVERYTHING,
        (file, schema) -> {
          throw new java.io.IOException("nobody reads " + file);
        });
  }

  /**
   * @param reader how files are read that are imported
   */
  public FakeMilvus(Capabilities capabilities, BulkReader reader) {
    this.capabilities = capabilities;
    this.reader = reader;
    databases.put(CollectionName.DEFAULT_DATABASE, new TreeMap<>());
  }

  /** Where tests say what goes wrong. */
  public FakeFaults faults() {
    return faults;
  }

  /** Where tests say what it refuses or forgets. */
  public FakeRules rules() {
    return rules;
  }

  /** What becomes of imports that are submitted from now on. */
  public synchronized void importsAre(ImportFate other) {
    fate = other;
  }

  /** Forgets all bulk imports, as if they had been too long ago; none goes on. */
  public synchronized void forgetImports() {
    imports.clear();
  }

  /** How many rows a page of a scan has at most; 100 if nothing is said. */
  public synchronized void pageRows(int rows) {
    pageRows = rows;
  }

  /** Drops a collection and makes it again, empty, with the same schema, indexes and load state. */
  public synchronized void recreate(CollectionName name) {
    CollectionDescription old = collection(name).description();
    collections.put(name, new FakeCollection(old, nextTimestamp(), this::nextId));
    old.partitions().stream()
        .filter(partition -> !collection(name).hasPartition(partition))
        .forEach(partition -> collection(name).addPartition(partition));
  }

  @Override
  public SourceInfo info() {
    return new SourceInfo("fake", capabilities.names());
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public synchronized List<String> databases() {
    return List.copyOf(databases.keySet());
  }

  @Override
  public synchronized Optional<SortedMap<String, String>> databaseProperties(String database) {
    return capabilities.databases()
        ? Optional.of(new TreeMap<>(databases.getOrDefault(database, new TreeMap<>())))
        : Optional.empty();
  }

  @Override
  public synchronized void createDatabase(String database, Map<String, String> properties) {
    if (!databases.containsKey(database)) {
      require(capabilities.databases(), "databases");
      databases.put(database, new TreeMap<>(properties));
    }
  }

  @Override
  public synchronized List<CollectionName> collections(String database) {
    return collections.keySet().stream().filter(name -> name.database().equals(database)).toList();
  }

  @Override
  public CollectionSource source(CollectionName name) {
    return new FakeSource(this, name, Throttle.NONE);
  }

  @Override
  public CollectionTarget target(CollectionName name) {
    return new FakeTarget(this, name);
  }

  @Override
  public synchronized List<ImportTask> importTasks(String database) {
    require(capabilities.bulkImport(), "bulk imports");
    return imports.list(database);
  }

  @Override
  public void setAlias(CollectionName name, String alias) {
    call(
        FakeCall.SET_ALIAS,
        () -> {
          collection(name);
          CollectionName key = new CollectionName(name.database(), alias);
          if (collections.containsKey(key)) {
            throw new FerryException(
                ErrorCode.SERVER_REFUSED,
                "alias %s is the name of a collection".formatted(alias),
                "Choose another alias.",
                null);
          }
          aliases.put(key, name);
          return true;
        });
  }

  @Override
  public void close() {
    faults.clear();
  }

  /** Makes a call under the lock of this server, with the faults arranged for it. */
  <T> T call(FakeCall call, Supplier<T> effect) {
    return faults.run(
        call,
        () -> {
          synchronized (this) {
            return effect.get();
          }
        });
  }

  /** The collection of that name or alias. */
  synchronized FakeCollection collection(CollectionName name) {
    FakeCollection found = collections.get(aliases.getOrDefault(name, name));
    if (found == null) {
      throw new FerryException(
          ErrorCode.COLLECTION_NOT_FOUND,
          "there is no collection %s".formatted(name),
          "Check the name of the collection and of its database.",
          null);
    }
    return found;
  }

  synchronized boolean has(CollectionName name) {
    return collections.containsKey(aliases.getOrDefault(name, name));
  }

  synchronized void add(CollectionDescription description) {
    if (has(description.name())) {
      throw new FerryException(
          ErrorCode.SERVER_REFUSED,
          "there is a collection %s already".formatted(description.name()),
          "Choose another name.",
          null);
    }
    collections.put(
        description.name(), new FakeCollection(description, nextTimestamp(), this::nextId));
  }

  synchronized void remove(CollectionName name) {
    collections.remove(name);
    aliases.values().removeIf(name::equals);
  }

  synchronized void rename(CollectionName name, String to) {
    FakeCollection renamed = collection(name);
    CollectionName other = new CollectionName(name.database(), to);
    if (has(other)) {
      throw new FerryException(
          ErrorCode.SERVER_REFUSED,
          "there is a collection %s already".formatted(other),
          "Choose another name.",
          null);
    }
    collections.remove(name);
    renamed.describe(renamed.description().withName(other));
    collections.put(other, renamed);
    aliases.replaceAll((alias, owner) -> owner.equals(name) ? other : owner);
  }

  synchronized List<String> aliasesOf(CollectionName name) {
    return aliases.entrySet().stream()
        .filter(alias -> alias.getValue().equals(name))
        .map(alias -> alias.getKey().name())
        .toList();
  }

  synchronized long submitImport(CollectionName name, String partition, String file) {
    require(capabilities.bulkImport(), "bulk imports");
    FakeCollection collection = collection(name);
    long id = nextId();
    imports.submit(
        name,
        collection,
        fate,
        new ImportTask(
            id,
            ImportTask.State.PENDING,
            0,
            0,
            "",
            List.of(file),
            name.name(),
            partition,
            collection.identity().id(),
            clock / 1000,
            List.of(nextId())));
    return id;
  }

  synchronized Optional<ImportTask> importTask(long id) {
    return imports.look(id, reader);
  }

  synchronized int pageRows() {
    return pageRows;
  }

  synchronized long nextTimestamp() {
    clock++;
    return clock << LOGICAL_BITS;
  }

  private synchronized long nextId() {
    lastId++;
    return lastId;
  }

  /** Fails unless the server has something. */
  static void require(boolean there, String what) {
    if (!there) {
      throw new FerryException(
          ErrorCode.SERVER_INCAPABLE,
          "the server has no " + what,
          "Use a server that has them.",
          null);
    }
  }

  /** Both, where a key is in both with the value of {@code more}. */
  static SortedMap<String, String> merged(Map<String, String> old, Map<String, String> more) {
    SortedMap<String, String> all = new TreeMap<>(old);
    all.putAll(more);
    return all;
  }
}
