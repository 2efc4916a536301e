package io.milvusferry.migration.live;

import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.manifest.AtomicFile;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.DirectoryLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How far the collections are, on disk: {@code live.json} in the gateway's state directory. Every
 * change is there before the method returns. One command at a time holds it.
 */
final class LiveState implements AutoCloseable {
  private static final String FILE = "live.json";
  private static final String LOCK = "live.lock";

  private final Path file;
  private final DirectoryLock lock;
  private LiveStateJson.Content content;

  private LiveState(Path file, DirectoryLock lock, LiveStateJson.Content content) {
    this.file = file;
    this.lock = lock;
    this.content = content;
  }

  /**
   * Takes the lock and reads the file.
   *
   * @throws FerryException {@code DIRECTORY_LOCKED} while another command holds it, {@code
   *     JOURNAL_DAMAGED} if the file is unreadable
   */
  static LiveState open(Path directory) {
    try {
      DirectoryLock lock = DirectoryLock.take(directory.resolve(LOCK));
      try {
        return new LiveState(directory.resolve(FILE), lock, peek(directory));
      } catch (RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw LocalFailure.of(e, directory);
    }
  }

  /** What is recorded now, without the lock. */
  static LiveStateJson.Content peek(Path directory) {
    Path file = directory.resolve(FILE);
    try {
      return Files.exists(file)
          ? LiveStateJson.read(Files.readAllBytes(file), file)
          : LiveStateJson.Content.empty();
    } catch (IOException e) {
      throw LocalFailure.of(e, file);
    }
  }

  List<LiveCollection> collections() {
    return List.copyOf(content.collections().values());
  }

  Optional<LiveCollection> find(CollectionName name) {
    return Optional.ofNullable(content.collections().get(name));
  }

  LiveCollection get(CollectionName name) {
    return find(name).orElseThrow();
  }

  /** Records how far a collection is, and gives it back. */
  LiveCollection put(LiveCollection collection) {
    TreeMap<CollectionName, LiveCollection> changed = new TreeMap<>(content.collections());
    changed.put(collection.name(), collection);
    save(new LiveStateJson.Content(changed, content.nginx()));
    return collection;
  }

  /** Forgets a collection. */
  void remove(CollectionName name) {
    TreeMap<CollectionName, LiveCollection> changed = new TreeMap<>(content.collections());
    changed.remove(name);
    save(new LiveStateJson.Content(changed, content.nginx()));
  }

  Optional<NginxSettings> nginx() {
    return content.nginx();
  }

  /** Records which Nginx splits reads. */
  void splitBy(NginxSettings nginx) {
    save(new LiveStateJson.Content(content.collections(), Optional.of(nginx)));
  }

  private void save(LiveStateJson.Content changed) {
    try {
      AtomicFile.write(file, LiveStateJson.write(changed));
    } catch (IOException e) {
      throw LocalFailure.of(e, file);
    }
    content = changed;
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw LocalFailure.of(e, file);
    }
  }
}
