package io.milvusferry.migration.live;

import io.milvusferry.connector.MilvusServer;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.Direction;
import io.milvusferry.gateway.GatewayControl;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.record.Key;
import io.milvusferry.verify.Comparison;
import io.milvusferry.verify.ComparisonResult;
import io.milvusferry.verify.ComparisonSettings;
import io.milvusferry.verify.ComparisonSide;
import io.milvusferry.verify.RowFinding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Rounds of comparison of a mirrored collection while it is written. Every row that seems to differ
 * is handed to the gateway, which looks again while writes wait and repairs what truly differs.
 */
final class CompareRounds {
  /** So many rounds in a row must find nothing. */
  static final int CLEAN_ROUNDS = 2;

  private static final int BATCH = 1_000;
  private static final int TRIES = 5;
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(5);

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
   *     allowed, {@code MIRROR_BUSY} if the gateway cannot look at rows, and what reading throws
   */
  ComparisonNote run(
      CollectionName name, Direction direction, int cleanRounds, Consumer<ComparisonNote> heard) {
    int clean = 0;
    long repaired = 0;
    for (int round = 1; round <= options.maxRounds(); round++) {
      Round found = new Round(name);
      ComparisonResult result = compare(name, direction, found);
      found.flush();
      clean = found.differences == 0 ? clean + 1 : 0;
      repaired += found.differences;
      ComparisonNote note =
          new ComparisonNote(
              pace.instant(), round, result.expected().rows(), found.differences, repaired);
      heard.accept(note);
      if (clean == cleanRounds) {
        setup.gateway().clean(name);
        return note;
      }
      if (found.differences > 0) {
        progress.notice(
            "%s: %d rows differed in round %d and were repaired"
                .formatted(name, found.differences, round));
      }
    }
    throw new FerryException(
        ErrorCode.ROWS_DIFFER,
        "%s: %d rows had to be repaired in %d rounds, and the last rounds still found some"
            .formatted(name, repaired, options.maxRounds()),
        "Something changes the target besides the gateway; find it, then run the same command"
            + " again.",
        null);
  }

  private ComparisonResult compare(CollectionName name, Direction direction, Round found) {
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

  /** The rows that seem to differ in one round, on their way to the gateway. */
  private final class Round {
    private final CollectionName name;
    private final FieldSpec key;
    private final Map<String, List<Key>> waiting = new TreeMap<>();
    private long differences;

    Round(CollectionName name) {
      this.name = name;
      this.key = setup.source().source(name).schema().primaryKey();
    }

    void add(RowFinding finding) {
      if (finding.kind() == RowFinding.Kind.CONTENT) {
        throw new FerryException(
            ErrorCode.BUG,
            "rows of %s were compared without their keys".formatted(name),
            "Please report this.",
            null);
      }
      List<Key> keys = waiting.computeIfAbsent(finding.partition(), none -> new ArrayList<>());
      keys.add(Key.parse(key, finding.key()));
      if (keys.size() == BATCH) {
        reconcile(finding.partition(), keys);
        keys.clear();
      }
    }

    void flush() {
      waiting.forEach(this::reconcile);
      waiting.clear();
    }

    private void reconcile(String partition, List<Key> keys) {
      if (keys.isEmpty()) {
        return;
      }
      GatewayControl gateway = setup.gateway();
      for (int attempt = 1; ; attempt++) {
        try {
          differences += gateway.reconcile(name, partition, List.copyOf(keys));
          return;
        } catch (FerryException e) {
          if (e.code() != ErrorCode.MIRROR_BUSY || attempt == TRIES) {
            throw e;
          }
          pace.pause(BETWEEN_TRIES);
        }
      }
    }
  }
}
