package io.milvusferry.gateway.proxy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.milvus.grpc.DeleteRequest;
import io.milvus.grpc.MutationResult;
import io.milvusferry.connector.Literals;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.journal.CollectionGate;
import io.milvusferry.gateway.journal.Mirror;
import io.milvusferry.gateway.journal.Mirroring;
import io.milvusferry.gateway.journal.Write;
import io.milvusferry.gateway.journal.WriteKind;
import io.milvusferry.gateway.journal.WriteLog;
import io.milvusferry.record.Key;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One write of a mirrored collection, which holds a pass of its gate. */
final class MirroredWrite {
  private static final int DATABASE = 2;
  private static final int COLLECTION = 3;
  private static final int PARTITION = 4;
  private static final int SCHEMA_TIMESTAMP = 8;
  private static final int STATUS = 1;

  private final Side deciding;
  private final Mirroring mirroring;
  private final WriteThreads threads;
  private final SourceClock clock;
  private final WriteCall call;
  private final Described collection;
  private final CollectionGate.Pass pass;

  MirroredWrite(
      Sides sides,
      Mirroring mirroring,
      WriteThreads threads,
      SourceClock clock,
      WriteCall call,
      Described collection,
      Mirror mirror,
      CollectionGate.Pass pass) {
    this.deciding = sides.deciding(mirror.direction());
    this.mirroring = mirroring;
    this.threads = threads;
    this.clock = clock;
    this.call = call;
    this.collection = collection;
    this.pass = pass;
  }

  /**
   * Makes the write; the pass is given back and the application answered later, unless this throws.
   */
  void run() {
    if (call.kind() == WriteKind.DELETE) {
      delete();
    } else {
      rows();
    }
  }

  private void rows() {
    if (call.kind() == WriteKind.UPSERT && collection.autoId()) {
      throw new FerryException(
          ErrorCode.COLLECTION_MIRRORED,
          "an upsert of %s, whose keys the server makes, cannot be mirrored"
              .formatted(collection.name()),
          "Delete and insert instead while the collection is mirrored.",
          null);
    }
    List<Key> keys = RowKeys.ofRequest(call.request(), collection.keyField());
    WriteLog.Intent intent =
        mirroring.intend(
            new Write(
                collection.name(),
                call.kind(),
                partition(call.request()),
                replayable(call.request()),
                keys));
    DualWriter.send(
        call,
        deciding,
        call.request(),
        answer ->
            threads.end(
                () -> {
                  try {
                    settle(intent, answer);
                  } finally {
                    pass.close();
                    call.answer(answer);
                  }
                }));
  }

  private void delete() {
    DeleteRequest given;
    try {
      given = DeleteRequest.parseFrom(call.request());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("this is no delete", e);
    }
    Optional<List<Key>> listed =
        given.getExprTemplateValuesCount() == 0
            ? KeyExpression.keys(given.getExpr(), collection)
            : Optional.empty();
    Answer answer =
        listed.map(keys -> delete(given, keys, call.request())).orElseGet(() -> filtered(given));
    pass.close();
    call.answer(answer);
  }

  /** A filter becomes the keys it means, so that both sides delete the same rows. */
  private Answer filtered(DeleteRequest given) {
    DeletedPages pages = new DeletedPages();
    Answer unreadable =
        new FilteredKeys(deciding, call.headers(), collection, given)
            .forEachPage(
                keys -> {
                  byte[] request = byKeys(given, keys);
                  return pages.add(delete(given, keys, request));
                });
    return pages.answer(unreadable);
  }

  private Answer delete(DeleteRequest given, List<Key> keys, byte[] request) {
    WriteLog.Intent intent =
        mirroring.intend(
            new Write(
                collection.name(),
                WriteKind.DELETE,
                given.getPartitionName(),
                replayable(byKeys(given, keys)),
                keys));
    CompletableFuture<Answer> answered = new CompletableFuture<>();
    DualWriter.send(call, deciding, request, answered::complete);
    Answer answer = answered.join();
    settle(intent, answer);
    return answer;
  }

  private byte[] byKeys(DeleteRequest given, List<Key> keys) {
    return given.toBuilder()
        .setExpr(Literals.oneOf(collection.keyField(), keys))
        .clearExprTemplateValues()
        .build()
        .toByteArray();
  }

  /** Tells the journal what became of the write. */
  private void settle(WriteLog.Intent intent, Answer answer) {
    MilvusStatus status = answer.milvusStatus(STATUS);
    if (status.ok()) {
      MutationResult result = result(answer);
      if (result.getTimestamp() != 0) {
        clock.saw(result.getTimestamp());
      }
      boolean madeKeys = call.kind() == WriteKind.INSERT && collection.autoId();
      intent.done(
          result.getTimestamp(),
          madeKeys ? RowKeys.toAppend(result.getIDs(), collection) : new byte[0]);
    } else if (status.equals(MilvusStatus.TRANSPORT)
        ? !answer.mayHaveTakenEffect()
        : status.refusal()) {
      intent.refused();
    } else {
      intent.unknown();
    }
  }

  private static MutationResult result(Answer answer) {
    byte[] body = answer.body();
    try {
      return MutationResult.parseFrom(body == null ? new byte[0] : body);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("this is no answer to a write", e);
    }
  }

  /** The request under the collection's own name, and without what only one server understands. */
  private byte[] replayable(byte[] request) {
    byte[] own = WireFields.with(new byte[0], DATABASE, collection.name().database());
    own = WireFields.with(own, COLLECTION, collection.name().name());
    if (call.kind() != WriteKind.DELETE) {
      own = WireFields.with(own, SCHEMA_TIMESTAMP, 0);
    }
    return WireFields.concat(request, own);
  }

  private static String partition(byte[] request) {
    String[] partition = {""};
    WireFields.visit(
        request,
        new WireFields.Visitor() {
          @Override
          public void bytes(int field, ByteBuffer value) {
            if (field == PARTITION) {
              partition[0] = WireFields.text(value);
            }
          }
        });
    return partition[0];
  }
}
