package io.milvusferry.transfer;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.manifest.AtomicFile;
import io.milvusferry.transfer.age.AgeEncryption;
import io.milvusferry.transfer.age.AgeSecret;
import io.milvusferry.transfer.age.Recipients;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The secret from which the keys of an unfinished shipment follow, in a file that only this user
 * can read. It is there before anything is encrypted, and gone once the bundle is whole: a file
 * that is left behind opens nothing that has been delivered. Safe for several threads.
 */
final class ShipmentSecret {
  private static final String FORMAT = "milvus-ferry-secret-1";

  private final Path file;
  private final Recipients recipients;
  private final ShipJournal journal;
  private final boolean inVolumes;
  private @Nullable AgeSecret secret;

  /**
   * @param inVolumes whether all chunks must follow from one secret, since the index of all lies in
   *     each volume
   */
  ShipmentSecret(Path file, Recipients recipients, ShipJournal journal, boolean inVolumes) {
    this.file = file;
    this.recipients = recipients;
    this.journal = journal;
    this.inVolumes = inVolumes;
  }

  /** Tells it from others, also when it is gone and nothing is to be encrypted any more. */
  synchronized String tag() {
    Optional<String> spent = spent();
    return spent.isPresent() ? spent.get() : secret().tag();
  }

  /**
   * Encrypts by it.
   *
   * @throws FerryException {@link ErrorCode#DESTINATION_TAKEN} when it is gone, and another one
   *     would not do
   */
  synchronized AgeEncryption encryption() {
    if (spent().isPresent()) {
      throw new FerryException(
          ErrorCode.DESTINATION_TAKEN,
          "a volume would have to be written again, and once all are written ferry forgets the"
              + " secret that they were encrypted with",
          "Ship to another directory, so that all volumes are written anew.",
          null);
    }
    return new AgeEncryption(secret(), recipients);
  }

  /** The secret of volumes that are written, if it is forgotten. */
  private Optional<String> spent() {
    return inVolumes && known().isEmpty() ? journal.spent(recipients.tag()) : Optional.empty();
  }

  private Optional<AgeSecret> known() {
    return secret == null ? kept() : Optional.of(secret);
  }

  private AgeSecret secret() {
    AgeSecret any = known().orElseGet(this::create);
    secret = any;
    return any;
  }

  /** That of an earlier run for the same recipients; one that cannot be read is made anew. */
  private Optional<AgeSecret> kept() {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      String[] words = Files.readString(file, StandardCharsets.ISO_8859_1).strip().split(" ", -1);
      return words.length == 3 && words[0].equals(FORMAT) && words[1].equals(recipients.tag())
          ? Optional.of(AgeSecret.ofHex(words[2]))
          : Optional.empty();
    } catch (IllegalArgumentException expected) {
      return Optional.empty(); // damaged: what was sent under it is sent again
    } catch (IOException e) {
      throw LocalFailure.of(e, file);
    }
  }

  private AgeSecret create() {
    AgeSecret made = AgeSecret.random(new SecureRandom());
    String line = String.join(" ", FORMAT, recipients.tag(), made.hex()) + "\n";
    try {
      // The partial file bears the permissions before it bears the secret.
      Path partial = AtomicFile.partial(file);
      Files.deleteIfExists(partial);
      Files.createFile(
          partial,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      AtomicFile.write(file, line.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw LocalFailure.of(e, file);
    }
    return made;
  }

  /** Forgets it: the bundle is whole. */
  synchronized void forget() {
    if (inVolumes) {
      known().ifPresent(made -> journal.spend(recipients.tag(), made.tag()));
    }
    secret = null;
    try {
      if (Files.deleteIfExists(file)) {
        AtomicFile.forceDirectory(file.toAbsolutePath().resolveSibling("."));
      }
    } catch (IOException e) {
      throw LocalFailure.of(e, file);
    }
  }
}
