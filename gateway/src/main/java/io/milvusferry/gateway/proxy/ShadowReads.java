package io.milvusferry.gateway.proxy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.milvus.grpc.IDs;
import io.milvus.grpc.SearchResultData;
import io.milvus.grpc.SearchResults;
import io.milvus.shaded.io.grpc.CallOptions;
import io.milvus.shaded.io.grpc.Context;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.MethodDescriptor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Searches that the source answered, asked of the target too. Applications do not wait for them;
 * when too many are under way, more are left out and counted.
 */
final class ShadowReads {
  private static final int AT_ONCE = 16;
  private static final int LARGEST = 4 << 20;
  private static final long DEADLINE_SECONDS = 30;
  private static final int STATUS = 1;

  private final Side target;
  private final Semaphore room = new Semaphore(AT_ONCE);

  ShadowReads(Side target) {
    this.target = target;
  }

  /**
   * Asks the target, and compares the hits.
   *
   * @param answered what the source answered, a success
   * @param nanos how long that took
   */
  void offer(
      MethodDescriptor<byte[], byte[]> method,
      Metadata headers,
      byte[] request,
      Answer answered,
      long nanos,
      ReadMeter meter) {
    byte[] expected = answered.body();
    if (expected == null || expected.length > LARGEST || !room.tryAcquire()) {
      return;
    }
    long began = System.nanoTime();
    Context.ROOT.run(
        () ->
            UnaryCall.send(
                target,
                method,
                target.headers(headers),
                request,
                CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS),
                answer -> {
                  room.release();
                  boolean ok = answer.milvusStatus(STATUS).ok();
                  meter.shadow.count(System.nanoTime() - began, !ok);
                  meter.shadowedSource.count(nanos, false);
                  byte[] found = answer.body();
                  if (ok && found != null) {
                    meter.compared(recall(expected, found));
                  }
                }));
  }

  /** The share of the expected hits that were found, over all queries of the search. */
  static double recall(byte[] expected, byte[] found) {
    SearchResultData wanted = results(expected);
    SearchResultData given = results(found);
    int queries = Math.min(wanted.getTopksCount(), given.getTopksCount());
    long hits = 0;
    long all = 0;
    int from = 0;
    int other = 0;
    for (int i = 0; i < wanted.getTopksCount(); i++) {
      int count = (int) wanted.getTopks(i);
      all += count;
      if (i < queries) {
        int otherCount = (int) given.getTopks(i);
        Set<Object> ids = new HashSet<>(ids(given.getIds()).subList(other, other + otherCount));
        hits +=
            ids(wanted.getIds()).subList(from, from + count).stream().filter(ids::contains).count();
        other += otherCount;
      }
      from += count;
    }
    return all == 0 ? 1 : (double) hits / all;
  }

  private static List<? extends Object> ids(IDs ids) {
    return ids.hasStrId() ? ids.getStrId().getDataList() : ids.getIntId().getDataList();
  }

  private static SearchResultData results(byte[] answer) {
    try {
      return SearchResults.parseFrom(answer).getResults();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("this is no answer to a search", e);
    }
  }
}
