package io.milvusferry.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.testkit.SampleBag;
import io.milvusferry.verify.ArchiveVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShipAndReceiveTest {
  @TempDir Path dir;

  @Test
  void bringsAnArchiveThroughADirectory() throws IOException {
    Digest id = SampleBag.write(dir.resolve("nightly"), 1, 300_000, 2_000_000, 1);
    Transfers transfers = new Transfers(dir);

    ShipResult shipped = transfers.ship("nightly", "file:" + dir.resolve("inbox"));

    assertThat(shipped.archiveId()).isEqualTo(id);
    assertThat(shipped.nothingToDo()).isFalse();
    ReceiveResult received = transfers.receive("file:" + dir.resolve("inbox"), "arrived");
    assertThat(received).isInstanceOf(ReceiveResult.Received.class);
    assertThat(
            new ArchiveVerifier(Runnable::run, ProgressSink.NONE)
                .verify(dir.resolve("arrived"))
                .valid())
        .isTrue();
    assertThat(Digest.ofFile(dir.resolve("arrived/tagmanifest-sha256.txt"))).isEqualTo(id);
    try (var left = Files.list(dir.resolve("arrived"))) {
      assertThat(left.map(path -> String.valueOf(path.getFileName())))
          .noneMatch(name -> name.startsWith("ferry."));
    }
  }

  @Test
  void findsNothingToDoTheSecondTime() throws IOException {
    SampleBag.write(dir.resolve("nightly"), 2, 300_000);
    Transfers transfers = new Transfers(dir);
    transfers.ship("nightly", "file:" + dir.resolve("inbox"));

    assertThat(transfers.ship("nightly", "file:" + dir.resolve("inbox")).nothingToDo()).isTrue();
    transfers.receive("file:" + dir.resolve("inbox"), "arrived");
    ReceiveResult again = transfers.receive("file:" + dir.resolve("inbox"), "arrived");
    assertThat(again)
        .isInstanceOfSatisfying(
            ReceiveResult.Received.class, it -> assertThat(it.alreadyThere()).isTrue());
  }

  @Test
  void readsBackChunksOfWhichNothingIsKnownButTheirNames() throws IOException {
    Digest id = SampleBag.write(dir.resolve("nightly"), 3, 300_000, 900_000);
    Transfers transfers = new Transfers(dir);
    String inbox = "file:" + dir.resolve("inbox");
    transfers.ship("nightly", inbox);
    Files.move(dir.resolve("state"), dir.resolve("lost"));
    try (var bundles = Files.list(dir.resolve("inbox"))) {
      Files.delete(bundles.findFirst().orElseThrow().resolve("bundle.json"));
    }

    assertThat(transfers.ship("nightly", inbox).nothingToDo()).isTrue();

    transfers.receive(inbox, "arrived");
    assertThat(Digest.ofFile(dir.resolve("arrived/tagmanifest-sha256.txt"))).isEqualTo(id);
  }

  @Test
  void sendsAgainWhatTheOtherSideDoesNotGiveBack() throws IOException {
    Digest id = SampleBag.write(dir.resolve("nightly"), 4, 2_300_000, 900_000);
    Transfers transfers = new Transfers(dir);
    String inbox = "file:" + dir.resolve("inbox");
    transfers.readBack = 0.5;
    ShipResult first = transfers.ship("nightly", inbox);
    assertThat(first.chunksReadBack()).isEqualTo((first.chunks().size() + 1) / 2).isPositive();
    Path bundle;
    try (var bundles = Files.list(dir.resolve("inbox"))) {
      bundle = bundles.findFirst().orElseThrow();
    }
    Files.delete(bundle.resolve("bundle.json"));
    byte[] chunk = Files.readAllBytes(bundle.resolve("chunk-00001"));
    chunk[chunk.length / 2] ^= 1;
    Files.write(bundle.resolve("chunk-00001"), chunk);

    transfers.readBack = 1;
    assertThatThrownBy(() -> transfers.ship("nightly", inbox))
        .isInstanceOfSatisfying(
            FerryException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.REMOTE_DIFFERS))
        .hasMessageContaining("chunk-00001");
    assertThat(bundle.resolve("bundle.json")).doesNotExist();
    assertThat(bundle.resolve("chunk-00001.rejected")).exists();

    ShipResult again = transfers.ship("nightly", inbox);
    assertThat(again.chunksSent()).isEqualTo(1);
    assertThat(again.chunksReadBack()).isEqualTo(again.chunks().size());
    transfers.receive(inbox, "arrived");
    assertThat(Digest.ofFile(dir.resolve("arrived/tagmanifest-sha256.txt"))).isEqualTo(id);
  }
}
