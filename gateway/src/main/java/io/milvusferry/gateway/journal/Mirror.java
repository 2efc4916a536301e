package io.milvusferry.gateway.journal;

import io.milvusferry.gateway.Direction;
import io.milvusferry.manifest.CollectionName;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * A mirrored collection, as calls on their way ask for it: nothing here waits or reads the disk.
 * What it says of direction holds while a pass of its {@link CollectionGate} is held.
 */
public final class Mirror {
  private final WriteJournal journal;
  private final CollectionGate gate;
  private final ReplayOrder order;
  private final Tally tally;
  private final ReentrantLock maintenance = new ReentrantLock();
  private volatile MirrorRow row;
  private volatile long followerTimestamp;
  private volatile boolean forgotten;
  private volatile String broken = "";

  Mirror(
      WriteJournal journal,
      CollectionGate gate,
      ReplayOrder order,
      Tally tally,
      MirrorRow row,
      long followerTimestamp) {
    this.journal = journal;
    this.gate = gate;
    this.order = order;
    this.tally = tally;
    this.row = row;
    this.followerTimestamp = followerTimestamp;
  }

  public CollectionName collection() {
    return row.collection();
  }

  public Direction direction() {
    return row.direction();
  }

  /** Whether the journal is let go to the other side. */
  public boolean replaying() {
    return row.replaying();
  }

  /** Percent of reads to send to the target. */
  public int readWeight() {
    return row.readWeight();
  }

  /** Percent of searches to send to the target, too. */
  public int shadowPercent() {
    return row.shadowPercent();
  }

  /**
   * The latest hybrid timestamp that the side that follows answered a replayed write with; 0 when
   * there was none. A read there that asks for it sees all that was replayed.
   */
  public long followerTimestamp() {
    return followerTimestamp;
  }

  /**
   * Whether the side that follows has every write that the side that decides has done up to that
   * timestamp of its own.
   */
  public boolean reached(long timestamp) {
    return tally.reached(timestamp);
  }

  /**
   * Why the collection cannot be mirrored any more; empty while it can. Its writes go to the source
   * alone then.
   */
  public String broken() {
    return broken;
  }

  CollectionGate gate() {
    return gate;
  }

  ReplayOrder order() {
    return order;
  }

  Tally tally() {
    return tally;
  }

  MirrorRow row() {
    return row;
  }

  /** Held by whoever makes writes wait, so that one does so at a time. */
  ReentrantLock maintenance() {
    return maintenance;
  }

  boolean forgotten() {
    return forgotten;
  }

  void forget() {
    forgotten = true;
  }

  /** Changes the row, on disk when this returns. */
  synchronized void change(UnaryOperator<MirrorRow> change) {
    MirrorRow before = row;
    MirrorRow next = change.apply(before);
    if (next.equals(before)) {
      return;
    }
    row = next;
    try {
      journal.commit(0, statements -> MirrorTable.put(statements, next));
    } catch (RuntimeException e) {
      row = before;
      throw e;
    }
  }

  /** Mirrors no more: holds the journal, on disk when this returns, and sends reads back. */
  void breakOff(String why) {
    change(now -> now.withReplaying(false).withReadWeight(0).withShadowPercent(0).withDirty(true));
    broken = why;
  }

  /**
   * Lost track of a write without keys: the collection is dirty at once, and on disk sooner or
   * later, together with the end of the write.
   */
  synchronized void soil(long sequence) {
    row = row.withDirty(true);
    journal.commitLasting(
        statements -> {
          MirrorTable.put(statements, row);
          RecordTable.delete(statements, sequence);
        });
  }

  void followerTimestamp(long timestamp) {
    followerTimestamp = timestamp;
  }
}
