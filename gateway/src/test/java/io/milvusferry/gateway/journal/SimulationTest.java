package io.milvusferry.gateway.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Runs of {@link Simulation}; {@code -Dferry.simulation.seeds=100000} runs more of them. */
class SimulationTest {
  private static final int EVENTS = 50;
  private static final Path MEMORY_DISK = Path.of("/dev/shm");

  @Test
  void bothSidesAreEqualInTheEndWhateverHappened() throws IOException {
    long first = Long.getLong("ferry.simulation.first", 1);
    int seeds = Integer.getInteger("ferry.simulation.seeds", 1_000);
    LongStream.range(first, first + seeds).parallel().forEach(SimulationTest::live);
  }

  @BeforeAll
  static void unpackTheDriverOutsideOfWhatIsDeleted() {
    System.setProperty("org.sqlite.tmpdir", System.getProperty("java.io.tmpdir"));
  }

  private static void live(long seed) {
    Path dir = directory();
    try (Simulation simulation = new Simulation(seed, dir)) {
      simulation.run(EVENTS);
      simulation.end();
    } catch (AssertionError | RuntimeException | IOException e) {
      throw new AssertionError("seed " + seed, e);
    } finally {
      delete(dir);
    }
  }

  private static Path directory() {
    try {
      return Files.isDirectory(MEMORY_DISK)
          ? Files.createTempDirectory(MEMORY_DISK, "ferry-simulation")
          : Files.createTempDirectory("ferry-simulation");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path dir) {
    try (Stream<Path> tree = Files.walk(dir)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
