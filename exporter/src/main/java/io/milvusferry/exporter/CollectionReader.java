package io.milvusferry.exporter;

import io.milvusferry.manifest.Consistency;
import io.milvusferry.record.Slice;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.UnaryOperator;

/** How one collection is read, and what that shows of the moment that its rows stand for. */
interface CollectionReader {
  /** Looks at the source before its first row is read. */
  SourceState look();

  /** About how many bytes the rows take in memory; good enough to plan with. */
  long estimatedBytes() throws InterruptedException;

  /**
   * All rows but those that were read before.
   *
   * @param before what {@link #look} saw, maybe in an earlier run
   * @param left makes of a partition's slice what is still to be read of it
   * @param readers how many threads read, at least 1
   * @param executor has that many threads
   * @param afterSlice runs when a slice was read to its end; what it throws fails the feed
   */
  RowFeed feed(
      SourceState before,
      UnaryOperator<List<Slice>> left,
      int readers,
      ExecutorService executor,
      Runnable afterSlice)
      throws InterruptedException;

  /** Looks at the source after its last row was read. */
  SourceState lookAgain();

  /**
   * What is shown.
   *
   * @param rows how many were read
   * @param ttl why rows vanish by themselves; empty if they do not
   */
  Verdict verdict(SourceState before, SourceState after, long rows, List<String> ttl);

  /**
   * What is shown of the rows that were read.
   *
   * @param counted rows that the source says it has
   * @param findings what is not as it should be
   */
  record Verdict(Consistency consistency, long counted, List<String> findings) {}
}
