package io.milvusferry.gateway.journal;

import io.milvusferry.gateway.Direction;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Finds out what became of writes of unknown outcome, by their rows. */
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
    return mirror.tally().count(RecordState.UNRESOLVED) == 0 ? atMost : backoff.pause(atMost);
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
        || backoff.pauses()) {
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

  @SuppressWarnings("try") // the pass is held, not used
  private boolean lookUp(Replay replay, List<JournalRecord> due) {
    ReplaySide side = sides.apply(mirror.direction());
    JournalRecord first = due.get(0);
    Repairs.find(side, mirror, first.partition(), first.keys().subList(0, 1));
    Repairs repairs = new Repairs(journal, mirror, clock);
    try (CollectionGate.Pass pass = mirror.gate().alone(settings.patience())) {
      if (!replay.drain(settings.patience())) {
        backoff.failed();
        return false;
      }
      long end = System.nanoTime() + AT_ONCE.toNanos();
      for (JournalRecord write : due) {
        ReplaySide.Repair found = Repairs.find(side, mirror, write.partition(), write.keys());
        repairs.append(found.writes(), List.of(write.row()));
        if (!found.writes().isEmpty() && !replay.drain(settings.patience())) {
          break;
        }
        if (System.nanoTime() > end) {
          break;
        }
      }
    }
    backoff.reset();
    return true;
  }
}
