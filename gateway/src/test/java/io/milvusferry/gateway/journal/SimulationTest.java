package io.milvusferry.gateway.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Runs of {@link Simulation}; {@code -Dferry.simulation.seeds=100000} runs more of them. */
class SimulationTest {
  private static final int EVENTS = 60;
  private static final Path MEMORY_DISK = Path.of("/dev/shm");

  @Test
  void bothSidesAreEqualInTheEndWhateverHappened() throws IOException {
    long first = Long.getLong("ferry.simulation.first", 1);
    int seeds = Integer.getInteger("ferry.simulation.seeds", 1_000);
    for (long seed = first; seed < first + seeds; seed++) {
      live(seed);
    }
  }

  private static void live(long seed) throws IOException {
    Path dir =
        Files.isDirectory(MEMORY_DISK)
            ? Files.createTempDirectory(MEMORY_DISK, "ferry-simulation")
            : Files.createTempDirectory("ferry-simulation");
    try (Simulation simulation = new Simulation(seed, dir)) {
      simulation.run(EVENTS);
      simulation.end();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed, e);
    } finally {
      delete(dir);
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
