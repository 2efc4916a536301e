package io.milvusferry.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.AlterAliasRequest;
import io.milvus.grpc.FlushRequest;
import io.milvus.grpc.GetLoadStateRequest;
import io.milvus.grpc.GetPersistentSegmentInfoRequest;
import io.milvus.grpc.ImportRequest;
import io.milvus.grpc.RenameCollectionRequest;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvusferry.connector.MilvusChannels;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CallNamesTest {
  private static NamedCollections read(
      String call, com.google.protobuf.Message request, Metadata headers) {
    return Objects.requireNonNull(CallNames.of(call)).read(request.toByteArray(), headers);
  }

  @Test
  void findsNamesWhereverACallHasThem() {
    Metadata none = new Metadata();

    assertThat(
            read("Import", ImportRequest.newBuilder().setCollectionName("c").build(), none)
                .collections())
        .containsExactly("c");
    assertThat(
            read(
                "GetLoadState",
                GetLoadStateRequest.newBuilder().setCollectionName("c").setDbName("d").build(),
                none))
        .isEqualTo(new NamedCollections("d", List.of("c"), ""));
    assertThat(
            read(
                "GetPersistentSegmentInfo",
                GetPersistentSegmentInfoRequest.newBuilder()
                    .setCollectionName("c")
                    .setDbName("d")
                    .build(),
                none))
        .isEqualTo(new NamedCollections("d", List.of("c"), ""));
    assertThat(
            read(
                    "RenameCollection",
                    RenameCollectionRequest.newBuilder().setOldName("a").setNewName("b").build(),
                    none)
                .collections())
        .containsExactly("a");
    assertThat(
            read(
                    "Flush",
                    FlushRequest.newBuilder()
                        .addCollectionNames("a")
                        .addCollectionNames("b")
                        .build(),
                    none)
                .collections())
        .containsExactly("a", "b");
    assertThat(
            read(
                    "AlterAlias",
                    AlterAliasRequest.newBuilder().setCollectionName("c").setAlias("n").build(),
                    none)
                .alias())
        .isEqualTo("n");
  }

  @Test
  void takesTheDatabaseOfTheHeaderWhenTheRequestNamesNone() {
    Metadata headers = new Metadata();
    headers.put(MilvusChannels.DATABASE, "shop");

    assertThat(read("Flush", FlushRequest.getDefaultInstance(), headers).database())
        .isEqualTo("shop");
    assertThat(
            read("Flush", FlushRequest.newBuilder().setDbName("own").build(), headers).database())
        .isEqualTo("own");
    assertThat(read("Flush", FlushRequest.getDefaultInstance(), new Metadata()).database())
        .isEqualTo("default");
  }

  @Test
  void knowsNothingOfCallsThatMilvusDoesNotHave() {
    assertThat(CallNames.of("Teleport")).isNull();
  }
}
