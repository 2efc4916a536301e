package io.milvusferry.gateway.replay;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.connector.WriteRequests;
import io.milvusferry.gateway.journal.ReplayOutcome;
import io.milvusferry.gateway.journal.ReplaySide;
import io.milvusferry.gateway.journal.Sighting;
import io.milvusferry.gateway.journal.Write;
import io.milvusferry.gateway.journal.WriteKind;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Key;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.RowDigester;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Two servers, of which one decides and the other follows. */
public final class ServerReplaySide implements ReplaySide {
  private static final int LARGEST_WRITE = 8 << 20;

  private final MilvusServer deciding;
  private final MilvusServer following;
  private final WriteCalls writes;

  /**
   * @param writes sends requests to the server that follows
   */
  public ServerReplaySide(MilvusServer deciding, MilvusServer following, WriteCalls writes) {
    this.deciding = deciding;
    this.following = following;
    this.writes = writes;
  }

  @Override
  public ReplayOutcome apply(CollectionName collection, WriteKind kind, byte[] request) {
    return writes.send(collection, kind, request);
  }

  @Override
  public Sighting look(CollectionName collection, String partition, List<Key> keys) {
    return new Sighting(
        digests(deciding.source(collection).rows(partition, keys)),
        digests(following.source(collection).rows(partition, keys)));
  }

  @Override
  public Repair repair(
      CollectionName collection, String partition, List<Key> keys, @Nullable Sighting before) {
    CollectionSource wanted = deciding.source(collection);
    List<RecordBatch> rows = wanted.rows(partition, keys);
    Sighting now =
        new Sighting(digests(rows), digests(following.source(collection).rows(partition, keys)));
    Sighting.Difference difference = now.difference(keys, before);
    List<Write> repairs = new ArrayList<>();
    Set<Key> write = Set.copyOf(difference.write());
    for (RecordBatch batch : rows) {
      int[] chosen =
          IntStream.range(0, batch.rows()).filter(row -> write.contains(batch.key(row))).toArray();
      if (chosen.length > 0) {
        addUpserts(collection, partition, batch.select(chosen), repairs);
      }
    }
    List<Key> extra = difference.delete();
    if (!extra.isEmpty()) {
      FieldSpec key = wanted.schema().primaryKey();
      byte[] request = WriteRequests.delete(collection, partition, key, extra).toByteArray();
      repairs.add(new Write(collection, WriteKind.DELETE, partition, request, extra));
    }
    return new Repair(
        now, write.size() + extra.size(), difference.losses(), difference.unsettled(), repairs);
  }

  private static void addUpserts(
      CollectionName collection, String partition, RecordBatch batch, List<Write> repairs) {
    long bytesPerRow = Math.max(1, batch.byteSize() / batch.rows());
    int step = (int) Math.max(1, Math.min(batch.rows(), LARGEST_WRITE / bytesPerRow));
    for (int from = 0; from < batch.rows(); from += step) {
      RecordBatch piece = batch.slice(from, Math.min(batch.rows(), from + step));
      List<Key> keys = new ArrayList<>();
      for (int row = 0; row < piece.rows(); row++) {
        keys.add(piece.key(row));
      }
      byte[] request = WriteRequests.upsert(collection, partition, piece).toByteArray();
      repairs.add(new Write(collection, WriteKind.UPSERT, partition, request, keys));
    }
  }

  /** What the rows are, by key; two rows are equal if, and only if, a comparison finds them so. */
  private static Map<Key, ByteBuffer> digests(List<RecordBatch> batches) {
    Map<Key, ByteBuffer> digests = new HashMap<>();
    for (RecordBatch batch : batches) {
      RowDigester digester = new RowDigester(batch.fields());
      digester.open(batch);
      for (int row = 0; row < batch.rows(); row++) {
        byte[] digest = new byte[RowDigester.LENGTH];
        digester.digest(row, digest);
        digests.put(batch.key(row), ByteBuffer.wrap(digest));
      }
    }
    return digests;
  }
}
