package io.milvusferry.cli.config;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Reads files that hold one secret, and refuses those that others can read. */
public final class SecretFiles {
  private static final Set<PosixFilePermission> TOO_OPEN =
      Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

  /** File systems in memory, where containers mount secrets with whatever mode. */
  private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");

  private static final int LONGEST = 64 * 1024;

  private final boolean anyMode;

  /**
   * @param anyMode whether files that others can read are taken all the same
   */
  public SecretFiles(boolean anyMode) {
    this.anyMode = anyMode;
  }

  /**
   * The file's content without the line end.
   *
   * @throws FerryException {@link ErrorCode#SECRET_UNREADABLE}
   */
  public Secret read(Path file) {
    try {
      requirePrivate(file);
      if (Files.size(file) > LONGEST) {
        throw unreadable("%s is too long for a secret".formatted(file), "Name the right file.");
      }
      return secret(Files.readString(file), file.toString());
    } catch (IOException e) {
      // The cause could quote the content.
      throw unreadable(
          "the secret file %s cannot be read: %s".formatted(file, e.getClass().getSimpleName()),
          "Check the path and its permissions.");
    }
  }

  static Secret secret(String content, String origin) {
    String value = content.strip();
    if (value.isEmpty()) {
      throw unreadable(origin + " holds no secret", "Write the secret into it.");
    }
    return new Secret(value);
  }

  /**
   * Refuses a file that group or others can read, unless it lies on a read-only or in-memory mount.
   *
   * @throws FerryException {@link ErrorCode#SECRET_UNREADABLE}
   */
  public void requirePrivate(Path file) throws IOException {
    if (anyMode || !Files.getFileStore(file).supportsFileAttributeView("posix")) {
      return;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (permissions.stream().noneMatch(TOO_OPEN::contains) || mountedForContainers(file)) {
      return;
    }
    throw unreadable(
        "%s can be read by others: its mode is %s"
            .formatted(file, PosixFilePermissions.toString(permissions)),
        "Run chmod 600 %s, or pass --secret-mode any.".formatted(file));
  }

  private static boolean mountedForContainers(Path file) throws IOException {
    FileStore store = Files.getFileStore(file);
    return store.isReadOnly() || IN_MEMORY.contains(store.type());
  }

  private static FerryException unreadable(String message, String hint) {
    return new FerryException(ErrorCode.SECRET_UNREADABLE, message, hint, null);
  }
}
