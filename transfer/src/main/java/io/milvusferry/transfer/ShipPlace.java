package io.milvusferry.transfer;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.transfer.age.Recipients;
import io.milvusferry.transfer.bundle.BundleWriter;
import io.milvusferry.transfer.bundle.ChunkCodec;
import io.milvusferry.transfer.bundle.ChunkCodecs;
import io.milvusferry.transfer.bundle.EncryptedIndex;
import io.milvusferry.transfer.remote.RemoteStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The directory of one bundle on the other side, open for a shipment, with the journal of what
 * earlier ones did there.
 *
 * @param packing makes what travels there
 * @param earlier chunks of other bundles beside it
 * @param weaknesses what the other side cannot do, and what is done instead
 */
record ShipPlace(
    RemoteStore store,
    String directory,
    TransferJournal file,
    ShipJournal journal,
    Packing packing,
    EarlierChunks earlier,
    List<String> weaknesses)
    implements AutoCloseable {

  /** Connects, and makes the directory; says what the other side cannot do. */
  static ShipPlace open(ShipRequest request, String creationId, ProgressSink progress)
      throws IOException {
    String directory = directoryName(name(request), creationId);
    RemoteStore store = request.to().open(progress);
    try {
      Path journals = request.state().resolve("ship");
      TransferJournal file =
          TransferJournal.open(journals, "%s %s".formatted(store.location(), directory), progress);
      try {
        store.makeDirectories(directory);
        List<String> weaknesses = store.weaknesses();
        weaknesses.forEach(progress::notice);
        ShipJournal journal = new ShipJournal(file);
        journal.name(store.location(), directory);
        Packing packing = packing(request, file, journal);
        // A chunk of another bundle is open to everybody, or encrypted under another key.
        boolean alone = packing.encrypts() || request.volumeSize().isPresent();
        EarlierChunks earlier =
            alone
                ? EarlierChunks.NONE
                : EarlierChunks.find(journals, store, directory, request.codec());
        return new ShipPlace(store, directory, file, journal, packing, earlier, weaknesses);
      } catch (IOException | RuntimeException e) {
        file.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /**
   * Looks at what lies there.
   *
   * @throws FerryException {@link ErrorCode#DESTINATION_TAKEN} when it is encrypted, or was begun
   *     so, and would be replaced by what everybody can open
   */
  RemoteBundle look() {
    RemoteBundle found = RemoteBundle.look(store, directory);
    boolean encrypted = found.isEncrypted() || (found.hasChunks() && journal.hasEncrypted());
    if (encrypted && !packing.encrypts()) {
      throw new FerryException(
          ErrorCode.DESTINATION_TAKEN,
          "%s holds a bundle that is encrypted, whole or begun, and one that everybody can open"
                  .formatted(location())
              + " would take its place",
          "Give the same --encrypt-to as before, or ship to another directory.",
          null);
    }
    return found;
  }

  /**
   * Sends chunks there.
   *
   * @param remote what lies there at the beginning
   * @param again numbers of chunks that are sent whatever lies there
   */
  ChunkSender sender(
      BundleWriter bundle, RemoteBundle remote, Set<Integer> again, ProgressSink progress) {
    return new ChunkSender(store, bundle, packing, remote, journal, earlier, again, progress);
  }

  private static Packing packing(ShipRequest request, TransferJournal file, ShipJournal journal) {
    ChunkCodec codec = ChunkCodecs.required(request.codec());
    if (request.recipients().isEmpty()) {
      return new OpenPacking(codec);
    }
    Recipients recipients = request.recipients().get();
    ShipmentSecret secret =
        new ShipmentSecret(
            file.beside(".secret"), recipients, journal, request.volumeSize().isPresent());
    return new EncryptedPacking(
        codec, recipients, secret, journal, file.beside("." + EncryptedIndex.FILE));
  }

  /** What the archive is called in messages, and at the beginning of the directory's name. */
  static String name(ShipRequest request) {
    Path file = request.archive().toAbsolutePath().normalize().getFileName();
    return file == null ? "archive" : file.toString();
  }

  /** The archive's own name, as far as every file system takes it, and what makes it unique. */
  private static String directoryName(String name, String creationId) {
    String plain =
        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-").replaceAll("^[._-]+", "");
    return (plain.isEmpty() ? "archive" : plain) + "-" + creationId;
  }

  /** Where the bundle lies, for people. */
  String location() {
    return store.location() + "/" + directory;
  }

  @Override
  public void close() throws IOException {
    try (store) {
      file.close();
    }
  }
}
