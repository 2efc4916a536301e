package io.milvusferry.migration.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.gateway.ReadCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NginxLogTest {
  private static final String SEARCH = "/milvus.proto.milvus.MilvusService/Search";
  private static final String SOURCE = "127.0.0.1:1000";
  private static final String TARGET = "127.0.0.1:2000";
  private static final NginxInclude.Mark START = new NginxInclude.Mark(0, 0);

  @TempDir Path dir;

  private NginxLog log(String... lines) throws IOException {
    Path file = Files.write(dir.resolve("access.log"), List.of(lines));
    return new NginxLog(file, Set.of(SOURCE), Set.of(TARGET));
  }

  private static String line(String server, String state, String time, String grpc) {
    return "1700000000.500 %s %s %s %s - %s".formatted(SEARCH, server, state, time, grpc);
  }

  @Test
  void countsReadsAndTheirErrorsByServer() throws IOException {
    ReadCounts counts =
        log(
                line(SOURCE, "200", "0.002", "0"),
                line(TARGET, "200", "0.004", "0"),
                line(TARGET, "200", "0.004", "14"),
                line(TARGET, "502", "0.001", "-"),
                line(TARGET, "200", "0.006", "0"))
            .since(START);

    assertThat(counts.source().calls()).isEqualTo(1);
    assertThat(counts.source().errors()).isZero();
    assertThat(counts.source().p50Micros()).isEqualTo(2000);
    assertThat(counts.target().calls()).isEqualTo(4);
    assertThat(counts.target().errors()).isEqualTo(2);
    assertThat(counts.target().p95Micros()).isEqualTo(6000);
  }

  @Test
  void countsATriedServerThatFailedAndTheOneThatAnswered() throws IOException {
    ReadCounts counts =
        log(line(TARGET + ", " + SOURCE, "502, 200", "0.000, 0.003", "0")).since(START);

    assertThat(counts.target().errors()).isEqualTo(1);
    assertThat(counts.source().calls()).isEqualTo(1);
    assertThat(counts.source().errors()).isZero();
  }

  @Test
  void seesAnErrorThatCameInsteadOfAnAnswer() throws IOException {
    String trailersOnly = "1700000000.500 %s %s 200 0.001 8 -".formatted(SEARCH, TARGET);

    assertThat(log(trailersOnly).since(START).target().errors()).isEqualTo(1);
  }

  @Test
  void passesOverWritesAndOtherServersAndOtherLines() throws IOException {
    ReadCounts counts =
        log(
                line(TARGET, "200", "0.002", "0").replace("Search", "Insert"),
                line("127.0.0.1:3000", "200", "0.002", "0"),
                "127.0.0.1 - - [01/Jan/2026] GET / 200",
                "")
            .since(START);

    assertThat(counts).isEqualTo(ReadCounts.NONE);
  }

  @Test
  void countsFromTheMarkOn() throws IOException {
    String early = line(SOURCE, "200", "0.002", "0");
    NginxLog log = log(early, line(TARGET, "200", "0.002", "0"));

    ReadCounts byPlace = log.since(new NginxInclude.Mark(0, early.length() + 1L));
    ReadCounts byTime = log.since(new NginxInclude.Mark(1_700_000_000_501L, 0));
    ReadCounts rotated = log.since(new NginxInclude.Mark(1_700_000_000_400L, 1_000_000));

    assertThat(byPlace.source().calls()).isZero();
    assertThat(byPlace.target().calls()).isEqualTo(1);
    assertThat(byTime).isEqualTo(ReadCounts.NONE);
    assertThat(rotated.source().calls() + rotated.target().calls()).isEqualTo(2);
  }

  @Test
  void findsPercentilesOfManyReads() throws IOException {
    String[] lines =
        IntStream.rangeClosed(1, 2000)
            .mapToObj(i -> line(SOURCE, "200", "%d.000".formatted(i), "0"))
            .toArray(String[]::new);

    ReadCounts counts = log(lines).since(START);

    assertThat(counts.source().calls()).isEqualTo(2000);
    assertThat(counts.source().p50Micros()).isEqualTo(1_001_000_000L);
    assertThat(counts.source().p95Micros()).isEqualTo(1_901_000_000L);
  }

  @Test
  void takesALogThatIsNotThereForAnEmptyOne() {
    NginxLog log = new NginxLog(dir.resolve("none"), Set.of(SOURCE), Set.of(TARGET));

    assertThat(log.size()).isZero();
    assertThat(log.since(START)).isEqualTo(ReadCounts.NONE);
  }
}
