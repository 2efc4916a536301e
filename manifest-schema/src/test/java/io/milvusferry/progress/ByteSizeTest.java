package io.milvusferry.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1500, 1500",
    "1500B, 1500",
    "40M, 40000000",
    "32GB, 32000000000",
    "5k, 5000",
    "5K, 5000",
    "2 TB, 2000000000000",
    "' 7M ', 7000000"
  })
  void readsWhatPeopleWrite(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(new ByteSize(bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "M", "-1", "1.5M", "10X", "10MiB", "m10", "10 M B"})
  void refusesAnythingElse(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesMoreThan64Bits() {
    assertThatThrownBy(() -> ByteSize.parse("99999999999T"))
        .isInstanceOf(ArithmeticException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "999, 999 B",
    "1000, 1.0 kB",
    "1234, 1.2 kB",
    "99949, 99.9 kB",
    "123456, 123 kB",
    "999499, 999 kB",
    "999500, 1.0 MB",
    "51380224, 51.4 MB",
    "118600000000, 119 GB",
    "5000000000000000, 5000 TB"
  })
  void printsThreeDigitsOrSo(long bytes, String text) {
    assertThat(new ByteSize(bytes)).hasToString(text);
  }
}
