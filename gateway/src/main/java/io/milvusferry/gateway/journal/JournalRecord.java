package io.milvusferry.gateway.journal;

import io.milvusferry.record.Key;
import java.time.Instant;
import java.util.List;

/**
 * A write as it is read back from the journal.
 *
 * @param keys as they were journaled: empty for an insert whose keys the server made
 * @param request with the answered keys appended, ready to be replayed
 * @param reason why it failed; empty where it did not
 */
record JournalRecord(
    RecordTable.Row row,
    String partition,
    List<Key> keys,
    Instant writtenAt,
    @SuppressWarnings("ArrayRecordComponent") byte[] request,
    String reason) {
  long sequence() {
    return row.sequence();
  }

  Place place() {
    return row.place();
  }
}
