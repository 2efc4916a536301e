package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiveWordsTest {
  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({"1%, 0.01", "0.5 %, 0.005", "90, 0.9", "100%, 1"})
  void readsShares(String text, double share) {
    assertThat(Percent.parse(text).share()).isEqualTo(share);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "%", "-1%", "101%", "one"})
  void refusesWhatIsNoShare(String text) {
    assertThatThrownBy(() -> Percent.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"500ms, 500", "60s, 60000", "5 m, 300000", "2h, 7200000"})
  void readsTimes(String text, long millis) {
    assertThat(TimeSpan.parse(text).duration()).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "60", "s", "-1s", "1d"})
  void refusesWhatIsNoTime(String text) {
    assertThatThrownBy(() -> TimeSpan.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  private CommandRun live(String... words) {
    String[] all = new String[words.length + 1];
    all[0] = "live";
    System.arraycopy(words, 0, all, 1, words.length);
    return CommandRun.of(dir, Map.of(), EntryPoints.REAL, all);
  }

  @Test
  void needsAGatewayThatRuns() {
    CommandRun run = live("status", "--state", dir.toString());

    assertThat(run.status()).isEqualTo(5);
    assertThat(run.err()).contains("GTW-001");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cutover --steps 50,10",
        "cutover --steps 0,100",
        "cutover --nginx-include ferry.conf",
        "rollback --drop-target",
        "start --until retire",
        "start --only a[",
        "finish --watch 5s"
      })
  void refusesWordsThatMakeNoSense(String words) {
    CommandRun run = live((words + " --state " + dir).split(" ", -1));

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("CFG-001", "hint: ");
  }
}
