package io.milvusferry.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFileTest {
  private static final List<String> RECORDS = List.of("first", "", "d\u00e9j\u00e0 vu", "last");

  @TempDir Path dir;
  private Path file = Path.of("unset");

  @BeforeEach
  void write() throws IOException {
    file = dir.resolve("journal");
    try (JournalFile journal = JournalFile.open(file)) {
      assertThat(journal.replayed()).isEmpty();
      for (String record : RECORDS) {
        journal.append(record);
      }
    }
  }

  @Test
  void replaysWhatWasAppended() throws IOException {
    assertThat(replay()).isEqualTo(RECORDS);
  }

  @Test
  void everyTruncationLosesNoMoreThanTheTornRecordAndGoesOn() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      int ends = 0;
      for (int i = 0; i < length; i++) {
        ends += whole[i] == '\n' ? 1 : 0;
      }
      try (JournalFile journal = JournalFile.open(file)) {
        assertThat(journal.replayed()).as("length %d", length).isEqualTo(RECORDS.subList(0, ends));
        journal.append("again");
      }
      assertThat(replay()).hasSize(ends + 1).endsWith("again");
    }
  }

  @Test
  void everyBitFlippedBeforeTheLastRecordIsDamage() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    int last = new String(whole, StandardCharsets.ISO_8859_1).lastIndexOf('\n', whole.length - 2);
    for (int bit = 0; bit < 8 * last; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(file, damaged);
      assertThatThrownBy(this::replay)
          .as("bit %d", bit)
          .isInstanceOfSatisfying(
              FerryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOURNAL_DAMAGED));
      assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
    }
  }

  @Test
  void refusesARecordOfSeveralLines() throws IOException {
    try (JournalFile journal = JournalFile.open(file)) {
      assertThatThrownBy(() -> journal.append("a\nb")).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(replay()).isEqualTo(RECORDS);
  }

  private List<String> replay() throws IOException {
    try (JournalFile journal = JournalFile.open(file)) {
      return journal.replayed();
    }
  }
}
