package io.milvusferry.storage;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The objects of a server that keeps them in a directory, which it calls local storage. */
public final class DirectoryObjectStore implements ObjectStore {
  private final Path root;

  /** Nothing is read yet. */
  public DirectoryObjectStore(Path root) {
    this.root = root;
  }

  @Override
  public String name() {
    return root.toString();
  }

  @Override
  public List<StoredObject> list(String prefix) {
    if (!Files.isDirectory(root)) {
      throw new FerryException(
          ErrorCode.STORAGE_NOT_FOUND,
          "the storage %s is not a directory".formatted(root),
          "Name the directory that the server calls localStorage.path.",
          null);
    }
    Path start = root.resolve(prefix.substring(0, prefix.lastIndexOf('/') + 1));
    List<StoredObject> found = new ArrayList<>();
    try {
      if (Files.isDirectory(start)) {
        Files.walkFileTree(start, new Visitor(prefix, found));
      }
    } catch (IOException e) {
      throw LocalFailure.of(e, root);
    }
    found.sort(Comparator.comparing(StoredObject::key));
    return found;
  }

  @Override
  public byte[] read(StoredObject object) {
    Path file = root.resolve(object.key());
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(Math.toIntExact(object.bytes()));
      if (bytes.length != object.bytes() || in.read() >= 0) {
        throw object.resized(this);
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw object.gone(this, e);
    } catch (IOException e) {
      throw LocalFailure.of(e, file);
    }
  }

  @Override
  public void close() {}

  /** Gathers files; one that is removed meanwhile is none. */
  private final class Visitor extends SimpleFileVisitor<Path> {
    private final String prefix;
    private final List<StoredObject> found;

    Visitor(String prefix, List<StoredObject> found) {
      this.prefix = prefix;
      this.found = found;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      String key = root.relativize(file).toString().replace('\\', '/');
      if (attributes.isRegularFile() && key.startsWith(prefix)) {
        found.add(new StoredObject(key, attributes.size()));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }
  }
}
