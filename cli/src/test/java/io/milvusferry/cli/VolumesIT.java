package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import io.milvusferry.digest.Digest;
import io.milvusferry.testkit.SampleBag;
import io.milvusferry.testkit.SmallDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bundles on several disks, and runs that are killed in the middle of one. */
class VolumesIT extends LiveCase {
  private static final long SIZE = 26_000_000;
  private static final String SLOW = "30M";

  private Path archive;
  private Digest id;

  @BeforeEach
  void makeAnArchive() throws IOException {
    archive = dir.resolve("bag");
    id = SampleBag.write(archive, SEED, 60_000_000, 1_000_000);
  }

  private Object[] ship() {
    return new Object[] {
      "ship",
      archive,
      "--to",
      "file:" + dir.resolve("disks"),
      "--volume-size",
      SIZE,
      "--bwlimit",
      SLOW,
      "--connections",
      "2"
    };
  }

  private Object[] receive(Path... volumes) {
    List<Object> words = new java.util.ArrayList<>(List.of("receive"));
    words.addAll(List.of(volumes));
    words.addAll(List.of("--to", dir.resolve("received"), "--bwlimit", SLOW, "--connections", "2"));
    return words.toArray();
  }

  private void killAt(Object[] words, BooleanSupplier moment) {
    FerryProcess process = ferry.start(words);
    process.when("the moment comes", moment);
    assertThat(process.kill()).isTrue();
  }

  private long files(String directory, String name) {
    try (Stream<Path> all = Files.walk(dir.resolve(directory))) {
      return all.filter(path -> path.getFileName().toString().startsWith(name)).count();
    } catch (IOException | UncheckedIOException e) {
      return 0; // not there yet, or changed while it was walked
    }
  }

  private List<Path> volumes(FerryRun shipped) {
    return shipped.result().getAsJsonArray("volumes").asList().stream()
        .map(JsonElement::getAsJsonObject)
        .map(volume -> Path.of(volume.get("place").getAsString().substring("file:".length())))
        .toList();
  }

  @Test
  void disksAreWrittenAndReadToTheEndHoweverOftenTheRunsAreKilled() throws IOException {
    killAt(ship(), () -> files("disks", "chunk-") > 1);
    killAt(ship(), () -> files("disks", "SHA256SUMS") > 0 && files("disks", "chunk-") > 4);
    List<Path> volumes = volumes(ferry.run(ship()).succeeds());
    assertThat(volumes).hasSize(3);
    for (Path volume : volumes) {
      try (Stream<Path> all = Files.list(volume)) {
        List<Path> list = all.toList();
        assertThat(list).noneMatch(file -> file.toString().endsWith(".partial"));
        assertThat(list.stream().mapToLong(file -> file.toFile().length()).sum())
            .isBetween(1L, SIZE);
      }
    }

    killAt(receive(volumes.get(2)), () -> files("received", "chunk-") > 1);
    FerryRun third = ferry.run(receive(volumes.get(2))).fails(5, "RCV-009");
    assertThat(third.message()).contains("1, 2");
    killAt(receive(volumes.get(0)), () -> files("received", "part-") > 0);
    assertThat(ferry.run(receive(volumes.get(0))).fails(5, "RCV-009").message())
        .isEqualTo("1 of 3 volumes still to come: 2");
    assertThat(dir.resolve("received/tagmanifest-sha256.txt")).doesNotExist();
    ferry.run(receive(volumes.get(1))).succeeds();
    assertThat(Digest.ofFile(dir.resolve("received/tagmanifest-sha256.txt"))).isEqualTo(id);
    ferry.run("verify", dir.resolve("received")).succeeds();
  }

  @Test
  void oneSmallDiskAfterTheOtherIsFilledAtTheSamePlace() throws IOException {
    Path place = dir.resolve("disk");
    Path shelf = Files.createDirectories(dir.resolve("shelf"));
    Object[] words = {"ship", archive, "--to", "file:" + place, "--volume-size", SIZE};
    for (int volume = 1; volume <= 3; volume++) {
      try (SmallDisk disk = new SmallDisk(place, 1)) {
        disk.resize(32);
        FerryRun run = ferry.run(words);
        if (volume < 3) {
          run.fails(12, "SHIP-009");
          assertThat(run.message()).startsWith("volume %d of 3 needs ".formatted(volume + 1));
          assertThat(run.hint()).contains("goes on with volume %d".formatted(volume + 1));
        } else {
          run.succeeds();
        }
        copy(place, shelf);
      }
    }
    ferry.run("receive", shelf, "--to", dir.resolve("received")).succeeds();
    assertThat(Digest.ofFile(dir.resolve("received/tagmanifest-sha256.txt"))).isEqualTo(id);
  }

  /** Copies whole volumes, as an operator does. */
  private static void copy(Path disk, Path shelf) throws IOException {
    try (Stream<Path> all = Files.walk(disk)) {
      for (Path volume :
          all.filter(directory -> Files.exists(directory.resolve("SHA256SUMS"))).toList()) {
        Path to = Files.createDirectories(shelf.resolve(String.valueOf(volume.getFileName())));
        try (Stream<Path> files = Files.list(volume)) {
          for (Path file : files.toList()) {
            Files.copy(file, to.resolve(String.valueOf(file.getFileName())));
          }
        }
      }
    }
  }
}
