package io.milvusferry.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.GetVersionRequest;
import io.milvus.grpc.HybridSearchRequest;
import io.milvus.grpc.MutationResult;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.QueryResults;
import io.milvus.grpc.SearchRequest;
import io.milvus.grpc.ShowCollectionsRequest;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.stub.MetadataUtils;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads through a gateway between two real Milvus servers, and clients of other languages. */
class GatewayReadsIT {
  private static final int LOGICAL_BITS = 18;

  @TempDir Path state;

  private static List<Long> keys(long from, long below) {
    return LongStream.range(from, below).boxed().toList();
  }

  private static long timestampIn(Duration ahead) {
    return (System.currentTimeMillis() + ahead.toMillis()) << LOGICAL_BITS;
  }

  @Test
  void aTimestampOfTheSourcesClockDoesNotMakeTheTargetWait() throws Exception {
    LiveRows rows = LiveRows.of("skew");
    try (LiveGateway gateway = LiveGateway.start(state)) {
      gateway.mirror(rows);
      LiveRows.done(gateway.through.insert(rows.insert(keys(0, 10), 1)));
      gateway.awaitReplayed(rows);
      gateway.control.readWeight(rows.collection(), 100);
      long began = System.nanoTime();
      QueryResults found =
          gateway.through.query(
              rows.query("id >= 0", ConsistencyLevel.Session)
                  .setGuaranteeTimestamp(timestampIn(Duration.ofSeconds(30)))
                  .build());

      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
      assertThat(LiveRows.rows(found)).hasSize(10);
      assertThat(gateway.status(rows).reads().target().calls()).isEqualTo(1);
    }
  }

  @Test
  void noSessionReadMissesAWriteThatWasAnswered() throws Exception {
    LiveRows rows = LiveRows.of("session");
    try (LiveGateway gateway = LiveGateway.start(state)) {
      gateway.mirror(rows);
      gateway.control.readWeight(rows.collection(), 100);
      for (long key = 0; key < 60; key++) {
        MutationResult written =
            LiveRows.done(gateway.through.insert(rows.insert(List.of(key), key)));
        QueryResults found =
            gateway.through.query(
                rows.query("id == " + key, ConsistencyLevel.Session)
                    .setGuaranteeTimestamp(written.getTimestamp())
                    .build());
        assertThat(LiveRows.rows(found)).containsKey(key);
        if (key % 10 == 0) {
          gateway.awaitReplayed(rows);
        }
      }
      ReadCounts reads = gateway.status(rows).reads();
      assertThat(reads.source().calls() + reads.target().calls()).isEqualTo(60);
      assertThat(reads.target().errors()).isZero();
    }
  }

  @Test
  void pagesOfIteratorsAllComeFromTheSource() throws Exception {
    LiveRows rows = LiveRows.of("pages");
    try (LiveGateway gateway = LiveGateway.start(state)) {
      gateway.mirror(rows);
      LiveRows.done(gateway.through.insert(rows.insert(keys(0, 10), 1)));
      gateway.awaitReplayed(rows);
      gateway.control.readWeight(rows.collection(), 100);
      LiveRows.done(
          gateway
              .through
              .search(
                  rows.search(ConsistencyLevel.Strong)
                      .addSearchParams(LiveRows.pair("params", "{\"radius\": 100000}"))
                      .build())
              .getStatus());
      LiveRows.done(
          gateway
              .through
              .search(
                  rows.search(ConsistencyLevel.Strong)
                      .addSearchParams(LiveRows.pair("offset", "2"))
                      .build())
              .getStatus());
      LiveRows.done(
          gateway
              .through
              .query(
                  rows.query("id >= 0", ConsistencyLevel.Strong)
                      .addQueryParams(LiveRows.pair("iterator", "True"))
                      .build())
              .getStatus());
      assertThat(gateway.status(rows).reads().target().calls()).isZero();
      LiveRows.done(
          gateway.through.search(rows.search(ConsistencyLevel.Strong).build()).getStatus());
      assertThat(gateway.status(rows).reads().target().calls()).isEqualTo(1);
    }
  }

  @Test
  void aReadThatTheTargetFailsIsAnsweredByTheSource() throws Exception {
    LiveRows rows = LiveRows.of("fails");
    try (LiveGateway gateway = LiveGateway.start(state)) {
      gateway.mirror(rows);
      LiveRows.done(gateway.through.insert(rows.insert(keys(0, 10), 1)));
      gateway.awaitReplayed(rows);
      gateway.control.readWeight(rows.collection(), 100);
      rows.drop(gateway.target);

      assertThat(rows.all(gateway.through)).hasSize(10);
      ReadCounts reads = gateway.status(rows).reads();
      assertThat(reads.target().errors()).isEqualTo(1);
      assertThat(reads.fellBack()).isEqualTo(1);
      assertThat(reads.source().errors()).isZero();
    }
  }

  @Test
  void shadowSearchesFindTheSameNeighbours() throws Exception {
    LiveRows rows = LiveRows.of("shadow");
    try (LiveGateway gateway = LiveGateway.start(state)) {
      gateway.mirror(rows);
      LiveRows.done(gateway.through.insert(rows.insert(keys(0, 500), 1)));
      gateway.awaitReplayed(rows);
      gateway.control.shadow(rows.collection(), 100);
      for (int i = 0; i < 20; i++) {
        LiveRows.done(
            gateway.through.search(rows.search(ConsistencyLevel.Strong).build()).getStatus());
      }
      long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (gateway.status(rows).shadow().searches() < 20 && System.nanoTime() < end) {
        Thread.sleep(20);
      }

      ShadowCounts shadow = gateway.status(rows).shadow();
      assertThat(shadow.searches()).isEqualTo(20);
      assertThat(shadow.recall()).isEqualTo(1.0);
      assertThat(gateway.status(rows).reads().target().calls()).isZero();
    }
  }

  @Test
  void clientsMayPingDuringALongCall() throws Exception {
    LiveRows rows = LiveRows.of("ping");
    try (LiveGateway gateway = LiveGateway.start(state)) {
      rows.create(gateway.source);
      long began = System.nanoTime();
      QueryResults found =
          gateway.through.query(
              rows.query("id >= 0", ConsistencyLevel.Session)
                  .setGuaranteeTimestamp(timestampIn(Duration.ofSeconds(50)))
                  .build());

      LiveRows.done(found.getStatus());
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(35));
    }
  }

  @Test
  void passesTheCredentialsOfApplicationsOn() throws Exception {
    String secured = LiveGateway.variable("FERRY_IT_SECURED");
    String target = LiveGateway.variable("FERRY_IT_TARGET");
    try (LiveGateway gateway = new LiveGateway(state, secured, target)) {
      assertThat(collections(gateway, "root:Milvus")).isEmpty();
      assertThat(collections(gateway, "root:wrong")).isNotEmpty();
    }
  }

  /** Why the collections cannot be listed as that user; empty when they can. */
  private static String collections(LiveGateway gateway, String credentials) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
    try {
      return gateway
          .through
          .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
          .showCollections(ShowCollectionsRequest.getDefaultInstance())
          .getStatus()
          .getReason();
    } catch (io.milvus.shaded.io.grpc.StatusRuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void pymilvusNoticesNothing() throws Exception {
    try (LiveGateway gateway = LiveGateway.start(state)) {
      assertThat(gateway.through.getVersion(GetVersionRequest.getDefaultInstance()).getVersion())
          .isNotEmpty();
      LiveRows rows = LiveRows.of("py");
      gateway.mirror(rows);
      gateway.control.readWeight(rows.collection(), 50);
      PythonClient.run("gateway_client.py", gateway.uri(), rows.name());
      PythonClient.run("high_level_client.py", gateway.uri(), rows.name());
      gateway.awaitReplayed(rows);
      assertThat(rows.all(gateway.target)).isNotEmpty().isEqualTo(rows.all(gateway.source));
    }
  }

  @Test
  void answersAreThoseOfTheServerToTheByte() throws Exception {
    LiveRows rows = LiveRows.of("bytes");
    try (LiveGateway gateway = LiveGateway.start(state)) {
      gateway.mirror(rows);
      LiveRows.done(gateway.through.insert(rows.insert(keys(0, 10), 1)));
      // Of one field: the server puts several into any order.
      QueryRequest query =
          rows.query("id >= 0", ConsistencyLevel.Strong)
              .clearOutputFields()
              .addOutputFields("id")
              .build();
      assertThat(gateway.through.query(query).toByteArray())
          .isEqualTo(gateway.source.query(query).toByteArray());
      SearchRequest search = rows.search(ConsistencyLevel.Strong).build();
      assertThat(gateway.through.search(search).toByteArray())
          .isEqualTo(gateway.source.search(search).toByteArray());
    }
  }

  /** Milvus 2.3 has no hybrid search. */
  @Test
  void aCallThatTheServersDoNotHaveIsAnsweredAsTheyAnswerIt() throws Exception {
    LiveRows rows = LiveRows.of("hybrid");
    try (LiveGateway gateway = LiveGateway.start(state)) {
      gateway.mirror(rows);
      HybridSearchRequest request =
          HybridSearchRequest.newBuilder()
              .setCollectionName(rows.name())
              .addRequests(rows.search(ConsistencyLevel.Strong).build())
              .build();
      for (int weight : List.of(0, 100)) {
        gateway.control.readWeight(rows.collection(), weight);
        Throwable direct = catchThrowable(() -> gateway.source.hybridSearch(request));
        assertThat(direct).hasMessageContaining("UNIMPLEMENTED");
        assertThatThrownBy(() -> gateway.through.hybridSearch(request))
            .hasMessage(direct.getMessage());
      }
    }
  }
}
