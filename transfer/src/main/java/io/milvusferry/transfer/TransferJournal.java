package io.milvusferry.transfer;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.manifest.DirectoryLock;
import io.milvusferry.manifest.JournalFile;
import io.milvusferry.progress.ProgressSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What earlier runs of the same transfer did: advice, never proof. A damaged or lost journal costs
 * work, and changes no result. Holds a lock, so one process at a time does a transfer.
 */
final class TransferJournal implements AutoCloseable {
  /** Ends the name of the file. */
  static final String SUFFIX = ".journal";

  private final Path file;
  private final DirectoryLock lock;
  private final JournalFile journal;

  private TransferJournal(Path file, DirectoryLock lock, JournalFile journal) {
    this.file = file;
    this.lock = lock;
    this.journal = journal;
  }

  /**
   * Opens the journal of a transfer.
   *
   * @param directory made when it is not there
   * @param transfer what is transferred from where to where
   */
  static TransferJournal open(Path directory, String transfer, ProgressSink progress)
      throws IOException {
    Files.createDirectories(directory);
    String name =
        Digest.ofContent(transfer.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32);
    Path file = directory.resolve(name + SUFFIX);
    DirectoryLock lock = DirectoryLock.take(directory.resolve(name + ".lock"));
    try {
      return new TransferJournal(file, lock, openOrRenew(file, progress));
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static JournalFile openOrRenew(Path file, ProgressSink progress) throws IOException {
    try {
      return JournalFile.open(file);
    } catch (FerryException e) {
      if (e.code() != ErrorCode.JOURNAL_DAMAGED) {
        throw e;
      }
      progress.notice("%s; what it knew is done again".formatted(e.getMessage()));
      Files.delete(file);
      return JournalFile.open(file);
    }
  }

  /** A file of the same transfer beside the journal. */
  Path beside(String ending) {
    String name = String.valueOf(file.getFileName());
    return file.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ending);
  }

  /** Earlier records, oldest first. */
  List<String> records() {
    return journal.replayed();
  }

  void append(String record) {
    try {
      journal.append(record);
    } catch (IOException e) {
      throw LocalFailure.of(e, file);
    }
  }

  /** As {@link #append}, for what comes so often that a disk would not keep up. */
  void note(String record) {
    try {
      journal.note(record);
    } catch (IOException e) {
      throw LocalFailure.of(e, file);
    }
  }

  /** Forgets the transfer: it is done. */
  void remove() throws IOException {
    Files.deleteIfExists(file);
    lock.removeFile();
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      journal.close();
    }
  }
}
