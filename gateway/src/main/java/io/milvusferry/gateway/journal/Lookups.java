package io.milvusferry.gateway.journal;

import io.milvusferry.gateway.Direction;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Finds out what became of writes of unknown outcome, by their rows. A busy server may answer a
 * look without rows that it has, so that two looks, some time apart, must agree.
 */
final class Lookups {
  /** More than so many writes to replay first, and writes would wait too long. */
  private static final long MOST_BEFORE = 1_000;

  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  private final WriteJournal journal;
  private final Mirror mirror;
  private final Function<Direction, ReplaySide> sides;
  private final MirroringSettings settings;
  private final InstantSource clock;
  private final Backoff backoff;

  /** The last look at the rows of each write that is due, by its sequence. */
  private final Map<Long, Sighting> seen = new HashMap<>();

  private long nextLook;

  Lookups(
      WriteJournal journal,
      Mirror mirror,
      Function<Direction, ReplaySide> sides,
      MirroringSettings settings,
      InstantSource clock,
      RandomGenerator random) {
    this.journal = journal;
    this.mirror = mirror;
    this.sides = sides;
    this.settings = settings;
    this.clock = clock;
    this.backoff = new Backoff(settings, clock, random);
  }

  /** How long until the next one may be due, but at most that long. */
  Duration pause(Duration atMost) {
    if (mirror.tally().count(RecordState.UNRESOLVED) == 0) {
      return atMost;
    }
    long left = nextLook - clock.millis();
    Duration pause = left > 0 && left < atMost.toMillis() ? Duration.ofMillis(left) : atMost;
    return backoff.pause(pause);
  }

  /**
   * Looks up what is due, if the journal is all but drained. Writes of the collection wait
   * meanwhile: not before both sides were seen to answer, and for about a second.
   *
   * @return whether something was found out
   */
  boolean advance(Replay replay) {
    if (mirror.tally().count(RecordState.UNRESOLVED) == 0
        || mirror.tally().count(RecordState.DONE) > MOST_BEFORE
        || !mirror.replaying()
        || mirror.direction() == Direction.RETIRED
        || backoff.pauses()
        || clock.millis() < nextLook) {
      return false;
    }
    List<JournalRecord> due = due();
    if (due.isEmpty() || !mirror.maintenance().tryLock()) {
      return false;
    }
    try {
      return lookUp(replay, due);
    } catch (RuntimeException e) {
      mirror.tally().lastError(String.valueOf(e.getMessage()));
      backoff.failed();
      return false;
    } finally {
      mirror.maintenance().unlock();
    }
  }

  private List<JournalRecord> due() {
    long now = clock.millis();
    return new HeldWrites(journal, mirror.row().id())
        .page(RecordState.UNRESOLVED, 0).stream()
            .filter(write -> write.place().timestamp() <= now)
            .toList();
  }

  private boolean lookUp(Replay replay, List<JournalRecord> due) {
    ReplaySide side = sides.apply(mirror.direction());
    seen.keySet().retainAll(due.stream().map(JournalRecord::sequence).toList());
    List<JournalRecord> again =
        due.stream().filter(write -> seen.containsKey(write.sequence())).toList();
    firstLook(side, due);
    return !again.isEmpty() && secondLook(replay, side, again);
  }

  /** Looks for about a second at what was not seen before, while writes go on. */
  private void firstLook(ReplaySide side, List<JournalRecord> due) {
    long end = System.nanoTime() + AT_ONCE.toNanos();
    for (JournalRecord write : due) {
      if (!seen.containsKey(write.sequence())) {
        keep(write, Repairs.look(side, mirror, write.partition(), write.keys()));
      }
      if (System.nanoTime() > end) {
        return;
      }
    }
  }

  @SuppressWarnings("try") // the pass is held, not used
  private boolean secondLook(Replay replay, ReplaySide side, List<JournalRecord> due) {
    boolean settled = false;
    try (CollectionGate.Pass pass = mirror.gate().alone(settings.patience())) {
      if (!replay.drain(settings.patience())) {
        backoff.failed();
        return false;
      }
      long end = System.nanoTime() + AT_ONCE.toNanos();
      for (JournalRecord write : due) {
        settled |= settle(replay, side, write);
        if (System.nanoTime() > end) {
          break;
        }
      }
    }
    backoff.reset();
    return settled;
  }

  /** Journals what makes the rows equal, if both looks agree; else waits for one more. */
  private boolean settle(Replay replay, ReplaySide side, JournalRecord write) {
    Sighting before = seen.get(write.sequence());
    ReplaySide.Repair found = Repairs.find(side, mirror, write.partition(), write.keys(), before);
    if (before == null || found.unsettled() > 0) {
      keep(write, found.seen());
      return false;
    }
    new Repairs(journal, mirror, clock).append(found.writes(), List.of(write.row()));
    seen.remove(write.sequence());
    return found.writes().isEmpty() || replay.drain(settings.patience());
  }

  private void keep(JournalRecord write, Sighting sighting) {
    seen.put(write.sequence(), sighting);
    nextLook = clock.millis() + settings.secondLook().toMillis();
  }
}
