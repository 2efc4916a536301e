package io.milvusferry.cli;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.exporter.Reader;
import io.milvusferry.storage.ObjectStore;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How rows are read. */
final class ReaderOption {
  @Option(
      names = "--reader",
      paramLabel = "READER",
      defaultValue = "auto",
      description =
          "Read by queries (api), or the segment files in the storage that the profile names"
              + " (storage), as of one moment and without loading; auto: files where a storage is"
              + " named and they can tell what is wanted; default: ${DEFAULT-VALUE}.")
  Reader.Choice choice = Reader.Choice.AUTO;

  /** Whether a storage is of use; one that is not is not opened. */
  boolean takesStorage() {
    return choice != Reader.Choice.API;
  }

  /**
   * The choice with the storage.
   *
   * @throws FerryException {@link ErrorCode#USAGE} where files are to be read and no storage is
   *     named
   */
  Reader reader(String source, Optional<ObjectStore> storage) {
    if (choice == Reader.Choice.STORAGE && storage.isEmpty()) {
      throw new FerryException(
          ErrorCode.USAGE,
          "--reader storage needs to know where '%s' keeps its segment files".formatted(source),
          "Name a profile with storage: { kind: directory, path: DIR } or { kind: s3, bucket: NAME,"
              + " endpoint: URL }.",
          null);
    }
    return new Reader(choice, storage);
  }
}
