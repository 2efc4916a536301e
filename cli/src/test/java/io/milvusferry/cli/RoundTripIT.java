package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.testkit.SampleRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The whole way of collections of every kind, by the real command on real servers. */
class RoundTripIT extends LiveCase {
  /** Enough that parts are loaded by the server; fewer rows are inserted, which is quicker then. */
  private static final int BULK = 20_100;

  private final Map<CollectionName, Integer> rows = new LinkedHashMap<>();

  private static CollectionSchema every(FieldType key, FieldType vector, int dimension) {
    return SampleRows.schema(key, SampleRows.scalarFields(), SampleRows.vector(vector, dimension));
  }

  private void make(String suffix, CollectionSchema schema, int count, String... partitions) {
    CollectionName name = live.create(suffix, schema, partitions);
    SampleRows sample = new SampleRows(SEED + rows.size());
    boolean keyed = schema.partitionKey().isPresent();
    int share = count / (partitions.length + 1);
    if (count > 0) {
      live.fill(
          name, keyed ? "" : "_default", sample, -share / 2, count - share * partitions.length);
    }
    for (int i = 0; i < partitions.length; i++) {
      live.fill(name, partitions[i], sample, 100_000L * (i + 1), share);
    }
    rows.put(name, count);
  }

  /** The same schema with a partition key, and keys that the server makes up. */
  private static CollectionSchema keyedWithMadeUpKeys(CollectionSchema schema) {
    return new CollectionSchema(
        schema.enableDynamicField(),
        schema.fields().stream()
            .map(field -> field.primaryKey() ? field.asPrimaryKey(true) : field)
            .map(field -> field.name().equals("f_varchar") ? field.asPartitionKey() : field)
            .toList());
  }

  /** Collections of both kinds of key and all types of Milvus 2.3.5. */
  private void makeAllKinds() {
    CollectionSchema numbers = every(FieldType.INT64, FieldType.FLOAT_VECTOR, 16);
    CollectionSchema texts = every(FieldType.VARCHAR, FieldType.FLOAT_VECTOR, 8);
    make("int64", numbers, BULK, "blue", "green");
    make("varchar", texts, BULK, "blue");
    make("binary", every(FieldType.INT64, FieldType.BINARY_VECTOR, 64), BULK);
    // Milvus 2.3.5 builds no index on a bigger segment of them, and so cannot load it.
    make("fp16", every(FieldType.VARCHAR, FieldType.FLOAT16_VECTOR, 8), 800);
    make("keyed", keyedWithMadeUpKeys(numbers), 2_000);
    make("empty", numbers, 0, "blue");
  }

  /** Exports, verifies, ships and receives everything; returns the received archive. */
  private Path carry() {
    Path archive = dir.resolve("nightly");
    FerryRun exported = ferry.run(exportTo(archive)).succeeds();
    for (CollectionName name : rows.keySet()) {
      JsonObject entry = entry(exported, name);
      assertThat(entry.get("rows").getAsLong())
          .as("%s", name)
          .isEqualTo(rows.get(name).longValue());
    }
    assertThat(exported.result().getAsJsonArray("collections")).hasSize(rows.size());
    assertThat(ferry.run("verify", archive).succeeds().result().get("valid").getAsBoolean())
        .isTrue();

    FerryRun shipped = ferry.run(overSsh("ship", archive, "--to", Live.sftp(inbox()))).succeeds();
    assertThat(shipped.result().get("chunksSent")).isEqualTo(shipped.result().get("chunks"));

    Path received = dir.resolve("received");
    FerryRun receipt =
        ferry.run(overSsh("receive", shipped.value("bundle"), "--to", received)).succeeds();
    assertThat(receipt.value("archiveId")).isEqualTo(exported.value("archiveId"));
    return received;
  }

  private void assertImported(FerryRun run, String status, Set<CollectionName> names) {
    assertThat(run.succeeds().result().get("proven").getAsBoolean()).isTrue();
    assertThat(run.result().getAsJsonArray("collections")).hasSize(names.size());
    for (CollectionName name : names) {
      JsonObject entry = entry(run, name);
      assertThat(entry.get("status").getAsString()).as("%s", entry).isEqualTo(status);
      live.assertTargetHas(name, Objects.requireNonNull(rows.get(name)));
    }
  }

  private void assertSame(Object left, Set<CollectionName> names) {
    List<Object> words = new ArrayList<>(List.of("compare", left, Live.targetUri()));
    names.forEach(name -> words.addAll(List.of("--only", name.name())));
    FerryRun compared = ferry.run(words.toArray()).succeeds();
    assertThat(compared.result().getAsJsonArray("collections")).hasSize(names.size());
    assertThat(compared.result().get("findings").getAsInt()).isZero();
  }

  @Test
  void collectionsOfEveryKindArriveByBulkLoadAndByInsertAndAnotherImportChangesNothing() {
    makeAllKinds();
    Path archive = carry();

    Object[] bulk = {"import", archive, "--into", Live.targetUri(), "--staging", "in-place"};
    FerryRun imported = ferry.run(bulk);
    assertImported(imported, "imported", rows.keySet());
    for (String suffix : List.of("int64", "varchar", "binary")) {
      assertThat(entry(imported, live.name(suffix)).get("bulkRows").getAsLong())
          .as("rows of %s that the server loaded from parts", suffix)
          .isEqualTo(BULK);
    }
    for (String suffix : List.of("int64", "varchar", "binary", "fp16")) {
      JsonObject search =
          entry(imported, live.name(suffix)).getAsJsonArray("searches").get(0).getAsJsonObject();
      assertThat(search.get("exact").getAsBoolean()).isTrue();
      assertThat(search.get("source").getAsDouble()).as("%s", search).isEqualTo(1);
      assertThat(search.get("target").getAsDouble()).as("%s", search).isEqualTo(1);
    }
    assertSame(archive, rows.keySet());
    assertSame(Live.sourceUri(), rows.keySet());
    assertImported(ferry.run(bulk), "nothing-to-do", rows.keySet());

    live.clearTarget();
    Set<CollectionName> some = Set.of(live.name("int64"), live.name("varchar"));
    try (FerryCommand elsewhere = new FerryCommand(dir.resolve("elsewhere"))) {
      List<Object> inserts =
          new ArrayList<>(List.of("import", archive, "--into", Live.targetUri()));
      some.forEach(name -> inserts.addAll(List.of("--only", name.name())));
      FerryRun inserted = elsewhere.run(inserts.toArray());
      assertImported(inserted, "imported", some);
      for (CollectionName name : some) {
        assertThat(entry(inserted, name).get("insertedRows").getAsLong()).isEqualTo(BULK);
      }
    }
    assertSame(archive, some);
  }
}
