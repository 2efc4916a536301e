package io.milvusferry.cli;

import io.milvusferry.progress.ByteSize;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** In which form a bundle is delivered, and what is done with it there. */
final class DeliveryOptions {
  @Option(
      names = "--volume-size",
      paramLabel = "SIZE",
      description =
          "Split the bundle into directories of at most this size, such as 32GB, that fit disks"
              + " (only to file:/dir).")
  @Nullable ByteSize volumeSize;

  @Option(
      names = "--read-back",
      paramLabel = "SHARE",
      description =
          "Fetch this share of the chunks again, such as 1%%, and compare it, before the bundle is"
              + " published.")
  @Nullable Percent readBack;

  @Option(
      names = "--then",
      paramLabel = "COMMAND",
      description =
          "When the bundle is there, run this command in the shell of the same login on the other"
              + " side, as it is; its exit status becomes this command's (only to sftp://).")
  @Nullable RemoteCommand then;

  /** Share of the chunks, 0 to 1. */
  double readBack() {
    return readBack == null ? 0 : readBack.share();
  }

  Optional<String> then() {
    return Optional.ofNullable(then).map(RemoteCommand::text);
  }

  Optional<ByteSize> volumeSize() {
    return Optional.ofNullable(volumeSize);
  }
}
