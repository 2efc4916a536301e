package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.milvusferry.manifest.Archive;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import io.milvusferry.record.Key;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.testkit.SampleRows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One bit of an archive, one float of a row in Milvus, one row: each is found and named. */
class CorruptionIT extends LiveCase {
  private static final int ROWS = 3_000;
  private static final int CHANGED = 1_234;
  private static final int DELETED = 77;
  private static final int ADDED = 900_001;

  private CollectionName make() {
    CollectionSchema schema =
        SampleRows.schema(
            FieldType.INT64,
            SampleRows.scalarFields(),
            SampleRows.vector(FieldType.FLOAT_VECTOR, 16));
    CollectionName name = live.create("damaged", schema);
    live.fill(name, "_default", new SampleRows(SEED), 0, ROWS);
    return name;
  }

  /** Flips one bit of a file, and returns what puts it right again. */
  private static byte[] flipOneBit(Path file, Random random) throws IOException {
    byte[] before = Files.readAllBytes(file);
    byte[] after = before.clone();
    after[random.nextInt(after.length)] ^= (byte) (1 << random.nextInt(8));
    assertThat(after).isNotEqualTo(before);
    write(file, after);
    return before;
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    assertThat(file.toFile().setWritable(true)).isTrue();
    Files.write(file, bytes);
  }

  @Test
  void oneFlippedBitIsNamedByVerifyAndNoRowReachesTheServer() throws IOException {
    CollectionName name = make();
    Path archive = export("nightly");
    String part =
        Archive.open(archive).manifest().collection(name).orElseThrow().parts().get(0).path();
    Path file = archive.resolve(part);
    Random random = new Random(SEED);
    for (int round = 0; round < 3; round++) {
      byte[] right = flipOneBit(file, random);

      FerryRun verified = ferry.run("verify", archive).fails(6, "ARC-003");
      assertThat(verified.message()).contains(part);
      assertThat(verified.lines("finding")).hasSize(1);
      JsonObject finding = verified.lines("finding").get(0);
      assertThat(finding.get("kind").getAsString()).isEqualTo("changed");
      assertThat(finding.get("path").getAsString()).isEqualTo(part);

      if (round == 0) {
        FerryRun imported =
            ferry
                .run("import", archive, "--into", Live.targetUri(), "--staging", "in-place")
                .fails(6, "ARC-003");
        assertThat(imported.message()).contains(part);
        assertThat(live.target().target(name).exists()).isFalse();
      }
      write(file, right);
    }
    ferry.run("verify", archive).succeeds();
  }

  @Test
  void compareNamesTheRowThatWasChangedTheOneThatWasDeletedAndTheOneThatWasAdded() {
    CollectionName name = make();
    Path archive = export("nightly");
    ferry.run("import", archive, "--into", Live.targetUri(), "--staging", "in-place").succeeds();

    live.target().target(name).upsert("_default", withOtherFloat(rows(name, CHANGED)));
    live.target().target(name).delete("_default", List.of(new Key.Int64(DELETED)));
    live.target().target(name).insert("_default", rows(name, ADDED));

    FerryRun compared =
        ferry.run("compare", archive, Live.targetUri(), "--only", live.all()).fails(4, "CMP-001");
    JsonObject entry = entry(compared, name);
    assertThat(entry.get("missing").getAsString()).isEqualTo("1");
    assertThat(entry.get("extra").getAsString()).isEqualTo("1");
    assertThat(entry.get("changed").getAsString()).isEqualTo("1");
    assertThat(entry.get("schema").getAsString()).isEqualTo("equal");
    assertThat(compared.result().get("findings").getAsInt()).isEqualTo(3);
    assertThat(compared.lines("finding").stream().map(CorruptionIT::named))
        .containsExactlyInAnyOrder(
            "changed " + CHANGED + " [\"vector\"]",
            "missing " + DELETED + " []",
            "extra " + ADDED + " []");

    FerryRun said = ferry.say("compare", Live.sourceUri(), Live.targetUri(), "--only", live.all());
    List<String> findings =
        said.endsWith(4).out().lines().filter(line -> line.startsWith("finding")).toList();
    assertThat(findings)
        .hasSize(3)
        .anyMatch(line -> line.contains(row(CHANGED) + "differs in vector: expected "))
        .anyMatch(line -> line.endsWith(row(DELETED) + "is missing"))
        .anyMatch(line -> line.endsWith(row(ADDED) + "should not be there"));
    assertThat(said.out()).contains("1 missing, 1 extra, 1 changed rows");
    assertThat(said.err()).contains("error CMP-001").contains("hint: ");
  }

  private static String row(int key) {
    return "row %d of partition '_default' ".formatted(key);
  }

  private static String named(JsonObject finding) {
    return "%s %s %s"
        .formatted(
            finding.get("kind").getAsString(),
            finding.get("key").getAsString(),
            finding.get("fields"));
  }

  /** The row that was exported with that key, or one like it. */
  private RecordBatch rows(CollectionName name, int key) {
    CollectionSchema schema = live.source().source(name).schema();
    return key < ROWS
        ? new SampleRows(SEED).rows(schema, 0, ROWS).slice(key, key + 1)
        : new SampleRows(SEED + 1).rows(schema, key, 1);
  }

  /** The same row, but for the last bit of one float of its vector. */
  private static RecordBatch withOtherFloat(RecordBatch row) {
    List<Column> columns = new ArrayList<>();
    for (Column column : row.columns()) {
      columns.add(column instanceof Column.Vectors vectors ? changed(vectors) : column);
    }
    return new RecordBatch(row.fields(), columns, row.rows());
  }

  private static Column changed(Column.Vectors vectors) {
    ByteBuffer bytes = ByteBuffer.allocate(vectors.bytesPerRow()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(0, vectors.bytes(), 0, vectors.bytesPerRow());
    bytes.putInt(20, bytes.getInt(20) ^ 1);
    return new Column.Vectors(vectors.bytesPerRow(), bytes);
  }
}
