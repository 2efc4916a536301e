package io.milvusferry.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.DataType;
import io.milvus.grpc.DeleteRequest;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.QueryResults;
import io.milvus.grpc.ScalarField;
import io.milvus.shaded.io.grpc.HandlerRegistry;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.Server;
import io.milvus.shaded.io.grpc.ServerCall;
import io.milvus.shaded.io.grpc.ServerMethodDefinition;
import io.milvus.shaded.io.grpc.Status;
import io.milvus.shaded.io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.milvusferry.connector.ConnectionSettings;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.record.Key;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FilteredKeysTest {
  private static final Described BOOKS =
      new Described(
          new CollectionName("default", "books"), "id", true, false, ConsistencyLevel.Strong, "1");

  private final EventLoops loops = new EventLoops();
  private final List<QueryRequest> asked = Collections.synchronizedList(new ArrayList<>());
  private final Deque<List<Long>> pages = new ArrayDeque<>();
  private Server server;
  private Side side;

  @BeforeEach
  void aServerThatAnswersPages() throws Exception {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .fallbackHandlerRegistry(new Pages())
            .build()
            .start();
    side = Side.source(ConnectionSettings.parse("http://127.0.0.1:" + server.getPort()), loops);
  }

  @AfterEach
  void stop() {
    side.close();
    server.shutdownNow();
    loops.close();
  }

  private final class Pages extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
      return ServerMethodDefinition.create(RawMethods.named(name), this::answer);
    }

    private ServerCall.Listener<byte[]> answer(ServerCall<byte[], byte[]> call, Metadata headers) {
      call.sendHeaders(new Metadata());
      call.request(1);
      return new ServerCall.Listener<>() {
        @Override
        public void onMessage(byte[] message) {
          try {
            asked.add(QueryRequest.parseFrom(message));
          } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(e);
          }
          call.sendMessage(page(pages.poll()).toByteArray());
          call.close(Status.OK, new Metadata());
        }
      };
    }
  }

  private static QueryResults page(@Nullable List<Long> keys) {
    return QueryResults.newBuilder()
        .addFieldsData(
            FieldData.newBuilder()
                .setFieldName("id")
                .setType(DataType.Int64)
                .setScalars(
                    ScalarField.newBuilder()
                        .setLongData(
                            LongArray.newBuilder().addAllData(keys == null ? List.of() : keys))))
        .build();
  }

  @Test
  void goesOnAfterAShortPageUntilOneIsEmpty() {
    pages.add(List.of(3L, 1L, 2L));
    pages.add(List.of(7L));
    pages.add(List.of(9L, 12L));
    List<Key> found = new ArrayList<>();

    @Nullable Answer failure = keys(found);

    assertThat(failure).isNull();
    assertThat(found).extracting(Key::text).containsExactly("3", "1", "2", "7", "9", "12");
    assertThat(asked)
        .extracting(QueryRequest::getExpr)
        .containsExactly(
            "(n > 4 or n < 1)",
            "(n > 4 or n < 1) and id > 3",
            "(n > 4 or n < 1) and id > 7",
            "(n > 4 or n < 1) and id > 12");
  }

  @Test
  void asksOnceWhereNothingMatches() {
    List<Key> found = new ArrayList<>();

    assertThat(keys(found)).isNull();

    assertThat(found).isEmpty();
    assertThat(asked).hasSize(1);
  }

  private @Nullable Answer keys(List<Key> found) {
    DeleteRequest delete = DeleteRequest.newBuilder().setExpr("n > 4 or n < 1").build();
    return new FilteredKeys(side, new Metadata(), BOOKS, delete).forEachPage(found::addAll);
  }
}
