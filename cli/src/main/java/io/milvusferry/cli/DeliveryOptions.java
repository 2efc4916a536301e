package io.milvusferry.cli;

import io.milvusferry.progress.ByteSize;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** In which form a bundle is delivered. */
final class DeliveryOptions {
  @Option(
      names = "--volume-size",
      paramLabel = "SIZE",
      description =
          "Split the bundle into directories of at most this size, such as 32GB, that fit disks"
              + " (only to file:/dir).")
  @Nullable ByteSize volumeSize;

  Optional<ByteSize> volumeSize() {
    return Optional.ofNullable(volumeSize);
  }
}
