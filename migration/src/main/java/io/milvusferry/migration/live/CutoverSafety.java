package io.milvusferry.migration.live;

import io.milvusferry.gateway.Direction;
import io.milvusferry.gateway.MirrorStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether the target may answer reads of a collection, or have it for good. What the status shows
 * and what the cutover obeys is decided here.
 *
 * @param obstacles what speaks against it, one clause each; empty if nothing does
 */
public record CutoverSafety(List<String> obstacles) {
  public CutoverSafety {
    obstacles = List.copyOf(obstacles);
  }

  /**
   * Judges whether reads may go to the target.
   *
   * @param mirror what the gateway says; empty if it does not mirror the collection
   */
  static CutoverSafety ofReads(
      LiveCollection collection, Optional<MirrorStatus> mirror, Duration lagLimit) {
    List<String> obstacles = new ArrayList<>();
    if (!MigrationPhase.SHADOW.upTo(collection.done())) {
      obstacles.add("phase %s is not done".formatted(collection.done().next().word()));
    }
    if (mirror.isEmpty()) {
      obstacles.add("the gateway does not mirror it");
    } else if (mirror.get().direction() != Direction.RETIRED) {
      mirrored(collection, mirror.get(), lagLimit, obstacles);
    }
    return new CutoverSafety(obstacles);
  }

  /**
   * Judges whether the source may be left behind. Clients may write at any moment, so a write in
   * the journal is no obstacle here: the gateway drains it, with writers held, when it retires.
   */
  static CutoverSafety ofRetirement(
      LiveCollection collection, Optional<MirrorStatus> mirror, Duration lagLimit) {
    List<String> obstacles = new ArrayList<>(ofReads(collection, mirror, lagLimit).obstacles());
    if (!MigrationPhase.CUT_OVER.upTo(collection.done()) || collection.readWeight() < 100) {
      obstacles.add("%d %% of reads go to the target, not all".formatted(collection.readWeight()));
    }
    return new CutoverSafety(obstacles);
  }

  private static void mirrored(
      LiveCollection collection, MirrorStatus mirror, Duration lagLimit, List<String> obstacles) {
    if (mirror.failedWrites() > 0) {
      obstacles.add(
          "%d writes were refused for good by the side that follows"
              .formatted(mirror.failedWrites()));
    }
    if (mirror.unresolved() > 0) {
      obstacles.add("%d writes have an unknown outcome".formatted(mirror.unresolved()));
    }
    if (mirror.dirty()) {
      obstacles.add("a write of unknown outcome came after the last comparison");
    }
    if (collection.comparison().isEmpty()) {
      obstacles.add("the sides were not compared");
    } else if (!collection.comparison().get().good()) {
      obstacles.add(
          "the last comparison found %d rows that differ"
              .formatted(collection.comparison().get().differences()));
    }
    if (!mirror.replaying()) {
      obstacles.add(
          "the journal is held"
              + (mirror.lastReplayError().isEmpty() ? "" : ": " + mirror.lastReplayError()));
    }
    if (mirror.lag().compareTo(lagLimit) > 0) {
      obstacles.add(
          "the journal is %d records and %d s behind%s"
              .formatted(
                  mirror.pendingRecords(),
                  mirror.lag().toSeconds(),
                  mirror.lastReplayError().isEmpty() ? "" : ": " + mirror.lastReplayError()));
    }
  }

  public boolean safe() {
    return obstacles.isEmpty();
  }

  /** {@code yes}, or {@code no, because …}. */
  public String words() {
    return safe() ? "yes" : "no, because " + String.join("; ", obstacles);
  }
}
