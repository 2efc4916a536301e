package io.milvusferry.gateway.journal;

import java.time.Duration;

/**
 * Limits of mirroring.
 *
 * @param maxLagBytes bytes of journaled writes above which no more are taken
 * @param parallelSends writes of one collection that are sent to the other side at once, at most;
 *     those that share a row are never
 * @param settling how long a write of unknown outcome may still take effect, before it is looked up
 * @param secondLook how long after a first look at the deciding side a second one must come, before
 *     a row of the other side is overwritten or deleted, or a write of unknown outcome is settled
 * @param patience how long writes of a collection may be made to wait for a drained journal
 * @param firstBackoff pause after the first failure of the side that follows; it doubles, with
 *     jitter
 * @param maxBackoff where it stops to double
 */
public record MirroringSettings(
    long maxLagBytes,
    int parallelSends,
    Duration settling,
    Duration secondLook,
    Duration patience,
    Duration firstBackoff,
    Duration maxBackoff) {
  public static final MirroringSettings DEFAULT =
      new MirroringSettings(
          10_000_000_000L,
          4,
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofMillis(100),
          Duration.ofSeconds(10));

  public MirroringSettings {
    if (maxLagBytes < 1 || parallelSends < 1) {
      throw new IllegalArgumentException("a limit of mirroring is below 1");
    }
  }

  public MirroringSettings withMaxLagBytes(long bytes) {
    return new MirroringSettings(
        bytes, parallelSends, settling, secondLook, patience, firstBackoff, maxBackoff);
  }
}
