package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.FerryException;
import io.milvusferry.transfer.ReceiveResult.Damaged;
import io.milvusferry.transfer.ReceiveResult.DamagedChunk;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReceiveReportTest {
  private static FerryException failure(boolean encryptedVolumes, int... chunks) {
    List<DamagedChunk> damaged =
        IntStream.of(chunks).mapToObj(chunk -> new DamagedChunk(chunk, "bad", true)).toList();
    Damaged result =
        new Damaged(
            "file:/a, file:/b",
            Digest.ofContent(new byte[0]),
            "file:/b",
            encryptedVolumes,
            damaged);
    return new ReceiveReport(Path.of("arrived"), result).failure().orElseThrow();
  }

  @Test
  void namesOnlyThePlacesOfDamagedChunks() {
    assertThat(failure(false, 19)).hasMessage("1 chunk of file:/b is damaged: 19");
    assertThat(failure(false, 7, 12)).hasMessage("2 chunks of file:/b are damaged: 7, 12");
  }

  @Test
  void advisesTheWholeCommandAndNotItsLastOptionAlone() {
    assertThat(failure(false, 7, 12).hint())
        .contains("the same ferry ship command as before")
        .contains("--again 7,12 added")
        .doesNotContain("secret");
  }

  @Test
  void saysThatEncryptedVolumesAreWrittenAnewOnceAllWereWritten() {
    assertThat(failure(true, 7).hint())
        .contains("--again 7 added")
        .contains("forgotten their secret")
        .contains("to another directory")
        .contains("into a new directory");
  }
}
