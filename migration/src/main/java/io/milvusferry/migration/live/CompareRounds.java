package io.milvusferry.migration.live;

import io.milvusferry.connector.MilvusServer;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.Direction;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.verify.Comparison;
import io.milvusferry.verify.ComparisonResult;
import io.milvusferry.verify.ComparisonSettings;
import io.milvusferry.verify.ComparisonSide;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Rounds of comparison of a mirrored collection while it is written. Every row that seems to differ
 * is handed to the gateway, which looks again while writes wait and repairs what truly differs.
 */
final class CompareRounds {
  /** So many rounds in a row must find nothing. */
  static final int CLEAN_ROUNDS = 2;

  private final LiveSetup setup;
  private final StartOptions options;
  private final Pace pace;
  private final ProgressSink progress;

  CompareRounds(LiveSetup setup, StartOptions options, Pace pace, ProgressSink progress) {
    this.setup = setup;
    this.options = options;
    this.pace = pace;
    this.progress = progress;
  }

  /**
   * Compares until {@code cleanRounds} rounds in a row found no true difference, and tells the
   * gateway.
   *
   * @param direction says which side decides
   * @param heard takes the note of each round as it ends
   * @throws FerryException {@code ROWS_DIFFER} if that does not come about in as many rounds as
   *     allowed, or {@code ANSWERS_UNSETTLED} if only because the deciding side answers now this,
   *     now that; {@code REPAIR_REFUSED} if a round would overwrite or delete more rows than
   *     allowed, which were left alone then; {@code MIRROR_BUSY} if the gateway cannot look at
   *     rows, and what reading throws
   */
  ComparisonNote run(
      CollectionName name, Direction direction, int cleanRounds, Consumer<ComparisonNote> heard) {
    int clean = 0;
    long repaired = 0;
    long unsettled = 0;
    for (int round = 1; round <= options.maxRounds(); round++) {
      RepairRound found = new RepairRound(setup, pace, name);
      ComparisonResult result = compare(name, direction, found);
      found.addMissing();
      long most = options.repairs().most(result.actual().rows());
      long refused = found.repairOthers(most);
      repaired += found.repaired();
      unsettled = found.unsettled();
      long differences = found.repaired() + unsettled + refused;
      ComparisonNote note =
          new ComparisonNote(
              pace.instant(), round, result.expected().rows(), differences, repaired);
      heard.accept(note);
      if (refused > 0) {
        throw refused(name, direction, refused, result.actual().rows(), most);
      }
      clean = differences == 0 ? clean + 1 : 0;
      if (clean == cleanRounds) {
        setup.gateway().clean(name);
        return note;
      }
      tell(name, round, found);
    }
    throw unsettled > 0 ? unsettled(name, direction, unsettled) : differing(name, repaired);
  }

  private void tell(CollectionName name, int round, RepairRound found) {
    if (found.repaired() > 0) {
      progress.notice(
          "%s: %d rows differed in round %d and were repaired"
              .formatted(name, found.repaired(), round));
    }
    if (found.unsettled() > 0) {
      progress.notice(
          "%s: %d rows that differed in round %d were left for the next one: two looks did not agree"
              .formatted(name, found.unsettled(), round));
      pace.pause(options.rereadDelay());
    }
  }

  private static FerryException refused(
      CollectionName name, Direction direction, long losses, long rows, long most) {
    String decides = word(direction);
    String follows = decides.equals("source") ? "target" : "source";
    return new FerryException(
        ErrorCode.REPAIR_REFUSED,
        ("%s: of %d rows of the %s, at least %d are missing or others at the %s, which decides;"
                + " they were left alone, since no more than %d are deleted or overwritten")
            .formatted(name, rows, follows, losses, decides, most),
        ("An overloaded server may answer without rows that it has. Wait until the %s is quiet, and"
                + " run the same command again; if its answer is right, add --max-repairs N.")
            .formatted(decides),
        null);
  }

  private FerryException unsettled(CollectionName name, Direction direction, long unsettled) {
    return new FerryException(
        ErrorCode.ANSWERS_UNSETTLED,
        "%s: what the %s answers about %d rows still changed between two looks after %d rounds"
            .formatted(name, word(direction), unsettled, options.maxRounds()),
        "Nothing was done about these rows. Wait until the %s is quiet, then run the same command"
                .formatted(word(direction))
            + " again.",
        null);
  }

  private FerryException differing(CollectionName name, long repaired) {
    return new FerryException(
        ErrorCode.ROWS_DIFFER,
        "%s: %d rows had to be repaired in %d rounds, and the last rounds still found some"
            .formatted(name, repaired, options.maxRounds()),
        "Something changes the target besides the gateway; find it, then run the same command"
            + " again.",
        null);
  }

  /** The side that decides in a direction. */
  private static String word(Direction direction) {
    return direction == Direction.FORWARD ? "source" : "target";
  }

  private ComparisonResult compare(CollectionName name, Direction direction, RepairRound found) {
    boolean forward = direction == Direction.FORWARD;
    MilvusServer decides = forward ? setup.source() : setup.target();
    MilvusServer follows = forward ? setup.target() : setup.source();
    return new Comparison(
            name,
            new ComparisonSettings(options.threads(), 0, Set.of(), options.rereadDelay()),
            progress,
            found::add)
        .compare(ComparisonSide.of(decides.source(name)), ComparisonSide.of(follows.source(name)));
  }
}
