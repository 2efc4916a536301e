package io.milvusferry.importer;

import io.milvusferry.error.LocalFailure;
import io.milvusferry.manifest.PartEntry;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Parts in a folder {@code ferry-<import id>} of a directory that the server sees too. Each gets a
 * name that no other submission has; it is a hard link where the file system can, else a copy.
 */
final class DirectoryStaging implements StagingArea {
  private final ArchiveContents archive;
  private final ImportJournal journal;
  private final Path folder;
  private final String folderAsServerSees;

  DirectoryStaging(ArchiveContents archive, ImportJournal journal, Staging.Directory staging) {
    String name = "ferry-" + journal.importId();
    this.archive = archive;
    this.journal = journal;
    this.folder = staging.directory().resolve(name);
    String seen = staging.asServerSees();
    this.folderAsServerSees = (seen.endsWith("/") ? seen : seen + "/") + name;
  }

  @Override
  public Staged stage(PartEntry part, int attempt) {
    String name = "%s-%d.parquet".formatted(part.digest().hex(), attempt);
    try {
      journal.staging(folder.toString());
      Files.createDirectories(folder);
      bring(archive.file(part), folder.resolve(name));
    } catch (IOException e) {
      throw LocalFailure.of(e, folder);
    }
    return new Staged(folderAsServerSees + "/" + name, true);
  }

  private static void bring(Path part, Path staged) throws IOException {
    try {
      Files.createLink(staged, part);
    } catch (FileAlreadyExistsException leftover) {
      Files.delete(staged);
      bring(part, staged);
    } catch (IOException | UnsupportedOperationException cannotLink) {
      Files.copy(part, staged);
    }
  }

  @Override
  public void release(String asServerSees) {
    if (!asServerSees.startsWith(folderAsServerSees + "/")) {
      return;
    }
    try {
      Files.deleteIfExists(folder.resolve(asServerSees.substring(folderAsServerSees.length() + 1)));
    } catch (IOException e) {
      throw LocalFailure.of(e, folder);
    }
  }

  /** Removes a folder of staged parts, as this or an earlier run made it. */
  static void remove(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.parquet")) {
      for (Path file : files) {
        Files.delete(file);
      }
    } catch (NoSuchFileException gone) {
      return;
    } catch (IOException e) {
      throw LocalFailure.of(e, folder);
    }
    try {
      Files.delete(folder);
    } catch (IOException e) {
      throw LocalFailure.of(e, folder);
    }
  }
}
