package io.milvusferry.gateway.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.DeleteRequest;
import io.milvus.grpc.UpsertRequest;
import io.milvusferry.gateway.journal.ReplayOutcome;
import io.milvusferry.gateway.journal.ReplaySide.Repair;
import io.milvusferry.gateway.journal.Sighting;
import io.milvusferry.gateway.journal.Write;
import io.milvusferry.gateway.journal.WriteKind;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Key;
import io.milvusferry.testkit.CollectionDescriptions;
import io.milvusferry.testkit.FakeMilvus;
import io.milvusferry.testkit.SampleRows;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerReplaySideTest {
  private static final CollectionName NAME = new CollectionName("default", "products");
  private static final CollectionSchema SCHEMA =
      SampleRows.schema(
          FieldType.INT64,
          List.of(FieldSpec.of("title", FieldType.VARCHAR, Map.of("max_length", "200"))),
          SampleRows.vector(FieldType.FLOAT_VECTOR, 4));

  private final FakeMilvus deciding = new FakeMilvus();
  private final FakeMilvus following = new FakeMilvus();
  private final ServerReplaySide side =
      new ServerReplaySide(
          deciding,
          following,
          (name, kind, request) -> new ReplayOutcome.Later("not in this test"));

  @BeforeEach
  void fill() {
    for (FakeMilvus server : List.of(deciding, following)) {
      server.target(NAME).create(CollectionDescriptions.of(NAME, SCHEMA), Map.of());
      server.target(NAME).createIndex(CollectionDescriptions.flatIndex(SCHEMA.fields().get(2)));
      server.source(NAME).load(1, Duration.ofSeconds(1));
      server.target(NAME).insert("_default", new SampleRows(1).rows(SCHEMA, 0, 100));
    }
  }

  private static List<Key> keys(long from, long below) {
    return LongStream.range(from, below).<Key>mapToObj(Key.Int64::new).toList();
  }

  private Repair repair(long from, long below) {
    Sighting before = side.look(NAME, "_default", keys(from, below));
    return side.repair(NAME, "_default", keys(from, below), before);
  }

  @Test
  void findsNothingToRepairWhereRowsAreEqual() {
    Repair repair = repair(0, 200);

    assertThat(repair.repaired() + repair.unsettled()).isZero();
    assertThat(repair.writes()).isEmpty();
  }

  @Test
  void repairsWhatIsMissingChangedOrExtra() throws Exception {
    following.target(NAME).delete("_default", keys(10, 12));
    following.target(NAME).upsert("_default", new SampleRows(2).rows(SCHEMA, 20, 3));
    deciding.target(NAME).delete("_default", keys(30, 31));

    Repair repair = repair(0, 100);

    assertThat(repair.repaired()).isEqualTo(6);
    assertThat(repair.losses()).isEqualTo(4);
    List<Key> upserted =
        repair.writes().stream()
            .filter(write -> write.kind() == WriteKind.UPSERT)
            .flatMap(write -> write.keys().stream())
            .sorted()
            .toList();
    assertThat(upserted)
        .containsExactlyElementsOf(
            Stream.concat(keys(10, 12).stream(), keys(20, 23).stream()).toList());
  }

  @Test
  void leavesAloneWhatTheDecidingSideDoesNotSayTwice() {
    following.target(NAME).delete("_default", keys(10, 12));
    Sighting before = side.look(NAME, "_default", keys(0, 100));
    deciding.target(NAME).delete("_default", keys(30, 31));
    deciding.target(NAME).upsert("_default", new SampleRows(2).rows(SCHEMA, 40, 1));

    Repair repair = side.repair(NAME, "_default", keys(0, 100), before);

    assertThat(repair.unsettled()).isEqualTo(2);
    assertThat(repair.writes())
        .allMatch(write -> write.kind() == WriteKind.UPSERT)
        .flatExtracting(Write::keys)
        .containsExactlyElementsOf(keys(10, 12));
  }

  @Test
  void onlyAddsRowsWithoutAnEarlierLook() {
    following.target(NAME).upsert("_default", new SampleRows(2).rows(SCHEMA, 20, 3));
    deciding.target(NAME).delete("_default", keys(30, 31));
    following.target(NAME).delete("_default", keys(10, 12));

    Repair repair = side.repair(NAME, "_default", keys(0, 100), null);

    assertThat(repair.repaired()).isEqualTo(2);
    assertThat(repair.unsettled()).isEqualTo(4);
    assertThat(repair.writes())
        .allMatch(write -> write.kind() == WriteKind.UPSERT)
        .flatExtracting(Write::keys)
        .containsExactlyElementsOf(keys(10, 12));
  }

  @Test
  void writesTheRowsOfTheDecidingSide() throws Exception {
    following.target(NAME).delete("_default", keys(10, 12));
    deciding.target(NAME).delete("_default", keys(30, 31));

    List<Write> writes = repair(0, 100).writes();

    UpsertRequest upsert =
        UpsertRequest.parseFrom(
            writes.stream()
                .filter(write -> write.kind() == WriteKind.UPSERT)
                .findFirst()
                .orElseThrow()
                .request());
    assertThat(upsert.getPartitionName()).isEqualTo("_default");
    assertThat(upsert.getFieldsData(0).getScalars().getLongData().getDataList())
        .allMatch(key -> key == 10 || key == 11);
    Write delete =
        writes.stream().filter(write -> write.kind() == WriteKind.DELETE).findFirst().orElseThrow();
    assertThat(DeleteRequest.parseFrom(delete.request()).getExpr()).isEqualTo("id in [30]");
    assertThat(delete.keys()).isEqualTo(keys(30, 31));
  }
}
