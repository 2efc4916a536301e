package io.milvusferry.parquet;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads parts one after the other, each of which ends before the next begins. */
final class ChainCursor implements BatchCursor {
  private final ParquetCodec codec;
  private final List<PartSpan> parts;
  private final List<FieldSpec> fields;
  private final KeyRange range;
  private int next;
  private @Nullable BatchCursor open;
  private @Nullable Key last;

  ChainCursor(ParquetCodec codec, List<PartSpan> parts, List<FieldSpec> fields, KeyRange range) {
    this.codec = codec;
    this.parts = parts;
    this.fields = fields;
    this.range = range;
  }

  @Override
  public @Nullable RecordBatch next() {
    while (true) {
      if (open == null) {
        if (next == parts.size()) {
          return null;
        }
        PartSpan part = parts.get(next++);
        open = codec.openPart(part.file(), fields, part.inside(range) ? KeyRange.ALL : range);
        last = part.min();
      }
      RecordBatch batch = open.next();
      if (batch != null) {
        requireOrder(batch, parts.get(next - 1));
        return batch;
      }
      close();
    }
  }

  @Override
  public void close() {
    if (open != null) {
      open.close();
      open = null;
    }
  }

  /** What follows relies on the order, so an archive that lies about it is found out here. */
  private void requireOrder(RecordBatch batch, PartSpan part) {
    Key first = batch.key(0);
    Key end = batch.key(batch.rows() - 1);
    if ((last != null && first.compareTo(last) < 0)
        || end.compareTo(part.max()) > 0
        || !KeyOrder.ascends(batch)) {
      throw new FerryException(
          ErrorCode.PART_UNREADABLE,
          "part %s does not ascend from key %s to key %s"
              .formatted(part.file(), part.min(), part.max()),
          "Run ferry verify on the archive, and fetch the damaged part again.",
          null);
    }
    last = end;
  }
}
