package io.milvusferry.gateway.proxy;

import io.milvusferry.gateway.ReadCounts;
import io.milvusferry.gateway.ShadowCounts;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** What became of the reads of one collection. Safe for several threads. */
public final class ReadMeter {
  final SideMeter source = new SideMeter();
  final SideMeter target = new SideMeter();
  final SideMeter shadowedSource = new SideMeter();
  final SideMeter shadow = new SideMeter();
  private final LongAdder fellBack = new LongAdder();
  private final LongAdder compared = new LongAdder();
  private final DoubleAdder recall = new DoubleAdder();

  void fellBack() {
    fellBack.increment();
  }

  /** A search was answered by both sides, with that share of hits in common. */
  void compared(double share) {
    compared.increment();
    recall.add(share);
  }

  public ReadCounts reads() {
    return new ReadCounts(source.counts(), target.counts(), fellBack.sum());
  }

  public ShadowCounts shadows() {
    long searches = compared.sum();
    return new ShadowCounts(
        searches,
        shadow.errors(),
        searches == 0 ? 1 : recall.sum() / searches,
        shadowedSource.percentile(50),
        shadow.percentile(50));
  }
}
