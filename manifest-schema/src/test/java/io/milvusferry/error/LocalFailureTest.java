package io.milvusferry.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LocalFailureTest {
  private static FerryException of(IOException failure) {
    return LocalFailure.of(failure, Path.of("nightly"));
  }

  @Test
  void aChannelThatAnInterruptClosedIsAStopAndNoFaultOfTheDisk() {
    FerryException stop = of(new ClosedByInterruptException());
    assertThat(stop.code()).isEqualTo(ErrorCode.INTERRUPTED);
    assertThat(stop).hasMessageContaining("nightly");
  }

  @Test
  void aFullDiskAndAMissingPermissionAreToldFromOtherFailures() {
    assertThat(of(new IOException("No space left on device")).code())
        .isEqualTo(ErrorCode.DISK_FULL);
    assertThat(of(new IOException("Disk quota exceeded")).code()).isEqualTo(ErrorCode.DISK_FULL);
    assertThat(of(new AccessDeniedException("nightly")).code())
        .isEqualTo(ErrorCode.LOCAL_PERMISSION);
    assertThat(of(new IOException("Input/output error")).code()).isEqualTo(ErrorCode.LOCAL_IO);
  }
}
