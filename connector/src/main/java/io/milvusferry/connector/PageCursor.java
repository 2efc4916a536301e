package io.milvusferry.connector;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.progress.Throttle;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a range of keys page by page: keys greater than the last one, a limit and no parameter that
 * changes how a server merges, at Strong consistency. Such a page is an exact prefix of what
 * remains, in key order; the end is an empty page, never a short one.
 */
final class PageCursor implements BatchCursor {
  /** Asks for one page of rows that match an expression. */
  interface PageQuery {
    QueryAnswer page(String expression, int limit);
  }

  private final PageQuery query;
  private final Literals literals;
  private final KeyRange range;
  private final PageDecoder decoder;
  private final PageSize size;
  private final Throttle throttle;

  private @Nullable Key last;
  private boolean ended;

  PageCursor(
      PageQuery query,
      FieldSpec keyField,
      KeyRange range,
      List<FieldSpec> fields,
      PageSize size,
      Throttle throttle) {
    this.query = query;
    this.literals = new Literals(keyField);
    this.range = range;
    this.decoder = new PageDecoder(fields);
    this.size = size;
    this.throttle = throttle;
    this.ended = range.isEmpty();
  }

  @Override
  public @Nullable RecordBatch next() {
    if (ended) {
      return null;
    }
    QueryAnswer page = fetch();
    RecordBatch batch = decoder.decode(page);
    if (batch == null) {
      ended = true;
      return null;
    }
    requireInOrder(batch);
    int bytes = page.bytes();
    size.seen(batch.rows(), bytes);
    pause(bytes);
    return batch;
  }

  @Override
  public void close() {
    ended = true;
  }

  /**
   * A page that the server will send: cuts the limit while pages are too large for its message
   * size.
   */
  private QueryAnswer fetch() {
    String expression = literals.within(range, last);
    while (true) {
      int limit = size.limit();
      try {
        return query.page(expression, limit);
      } catch (FerryException e) {
        if (!isTooLarge(e)) {
          throw e;
        }
        if (limit == 1) {
          throw new FerryException(
              ErrorCode.ROW_TOO_LARGE,
              "a single row after key %s is larger than the server can send".formatted(last),
              "Raise the server's proxy.grpc.serverMaxSendSize.",
              e);
        }
        size.tooLarge(limit);
      }
    }
  }

  private static boolean isTooLarge(FerryException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("larger than max") || message.contains("maxOutputSize");
  }

  /** Rows would be lost silently if a page were not sorted, or not inside what was asked for. */
  private void requireInOrder(RecordBatch batch) {
    Key previous = last;
    for (int row = 0; row < batch.rows(); row++) {
      Key key = batch.key(row);
      if (!range.contains(key) || (previous != null && previous.compareTo(key) >= 0)) {
        throw new FerryException(
            ErrorCode.SERVER_REFUSED,
            "the server returned key %s after %s, out of order or outside the range asked for"
                .formatted(key, previous),
            "This server cannot be read page by page; please report it with its version.",
            null);
      }
      previous = key;
    }
    last = previous;
  }

  private void pause(int bytes) {
    try {
      throttle.acquire(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FerryException(
          ErrorCode.INTERRUPTED,
          "reading was stopped",
          "Run the same command again; it resumes.",
          e);
    }
  }
}
