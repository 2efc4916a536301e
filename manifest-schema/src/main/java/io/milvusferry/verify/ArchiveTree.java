package io.milvusferry.verify;

import io.milvusferry.manifest.DigestList;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What lies in the directory of an archive; links are seen, never followed. */
final class ArchiveTree {
  /** A file system's own directory, where the archive is a mount point. */
  private static final String LOST_AND_FOUND = "lost+found";

  private final SortedMap<String, Long> files = new TreeMap<>(DigestList.BY_BYTES);
  private final List<FileFinding> findings = new ArrayList<>();

  /** Looks through the directory. */
  static ArchiveTree read(Path directory) throws IOException {
    ArchiveTree tree = new ArchiveTree();
    Path root = directory.toRealPath();
    Files.walkFileTree(root, tree.new Visitor(root));
    return tree;
  }

  /** Sizes of plain files, by path relative to the root. */
  SortedMap<String, Long> files() {
    return files;
  }

  /** What is neither a plain file nor a directory, or cannot be looked into. */
  List<FileFinding> findings() {
    return findings;
  }

  private final class Visitor extends SimpleFileVisitor<Path> {
    private final Path root;

    Visitor(Path root) {
      this.root = root;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      return path(directory).equals(LOST_AND_FOUND)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile()) {
        files.put(path(file), attributes.size());
      } else {
        String is = attributes.isSymbolicLink() ? "symbolic link" : "special file";
        findings.add(new FileFinding(FileFinding.Kind.NOT_A_FILE, path(file), "plain file", is));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
      if (!path(file).equals(LOST_AND_FOUND)) {
        findings.add(
            new FileFinding(FileFinding.Kind.UNREADABLE, path(file), "", failure.toString()));
      }
      return FileVisitResult.CONTINUE;
    }

    private String path(Path file) {
      return root.relativize(file).toString().replace('\\', '/');
    }
  }
}
