package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.testkit.SampleBag;
import io.milvusferry.testkit.SampleRows;
import io.milvusferry.testkit.SmallDisk;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Full disks at an export from Milvus and on both sides of a shipment; they are small ones in
 * memory, and mounting them needs root.
 */
class FullDiskIT extends LiveCase {
  private static final String SEAL = "tagmanifest-sha256.txt";
  private static final long MEGABYTE = 1 << 20;

  /** An archive of about six megabytes that do not get smaller. */
  private Path bag() throws IOException {
    Path archive = dir.resolve("bag");
    assertThat(SampleBag.write(archive, SEED, 2 * MEGABYTE, 1, 2 * MEGABYTE, 1, 2 * MEGABYTE))
        .isNotNull();
    return archive;
  }

  private CollectionName make() {
    CollectionSchema schema =
        SampleRows.schema(
            FieldType.INT64, List.of(), SampleRows.vector(FieldType.FLOAT_VECTOR, 64));
    CollectionName name = live.create("big", schema);
    live.fill(name, "_default", new SampleRows(SEED), 0, 40_000);
    return name;
  }

  @Test
  void anExportOntoADiskThatIsTooSmallOrFillsUpEndsWithTwelveAndResumesWhenThereIsRoom()
      throws IOException {
    make();
    Path archive = dir.resolve("disk").resolve("nightly");
    try (SmallDisk disk = new SmallDisk(dir.resolve("disk"), 4)) {
      FerryRun small = ferry.run(exportTo(archive)).fails(12, "GEN-004");
      assertThat(small.message()).contains("needs about").contains("free");
      assertThat(archive.resolve("data")).doesNotExist();

      disk.resize(48);
      FerryProcess export = ferry.start(exportTo(archive, "--read-limit", "4M", "--jobs", "1"));
      export.when("it reads", () -> Files.exists(archive.resolve("data")));
      Path filler = fill(dir.resolve("disk"));
      FerryRun full = export.await().fails(12, "GEN-004");
      assertThat(full.message()).contains("full");
      assertThat(archive.resolve(SEAL)).doesNotExist();

      Files.delete(filler);
      ferry.run(exportTo(archive)).succeeds();
      ferry.run("verify", archive).succeeds();
    }
  }

  /** Takes all the room that a disk has. */
  private static Path fill(Path directory) {
    Path filler = directory.resolve("filler");
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException expected) {
      return filler; // the disk is full now, as it should be
    }
  }

  @Test
  void aShipmentOntoAFullDiskEndsWithTwelveAndResumesWhenThereIsRoom() throws IOException {
    Path archive = bag();
    try (SmallDisk disk = new SmallDisk(inbox(), 3)) {
      Object[] words = overSsh("ship", archive, "--to", Live.sftp(inbox()), "--connections", "1");
      FerryRun full = ferry.run(words).fails(12, "SHIP-009");
      assertThat(full.hint()).contains("space");
      disk.resize(16);
      FerryRun shipped = ferry.run(words).succeeds();
      assertThat(shipped.result().get("chunksSent").getAsInt())
          .as("the first chunk had arrived before the disk was full")
          .isLessThan(shipped.result().get("chunks").getAsInt());
      ferry
          .run(overSsh("receive", shipped.value("bundle"), "--to", dir.resolve("received")))
          .succeeds();
    }
    Files.delete(inbox());
  }

  @Test
  void aReceiptOntoAFullDiskEndsWithTwelveAndResumesWhenThereIsRoom() throws IOException {
    Path archive = bag();
    String bundle =
        ferry.run(overSsh("ship", archive, "--to", Live.sftp(inbox()))).succeeds().value("bundle");
    Path received = dir.resolve("disk");
    try (SmallDisk disk = new SmallDisk(received, 4)) {
      Object[] words = overSsh("receive", bundle, "--to", received, "--connections", "1");
      assertThat(ferry.run(words).fails(12, "GEN-004").hint()).contains("space");
      assertThat(received.resolve(SEAL)).doesNotExist();
      disk.resize(32);
      ferry.run(words).succeeds();
      ferry.run("verify", received).succeeds();
    }
    Files.delete(received);
  }
}
