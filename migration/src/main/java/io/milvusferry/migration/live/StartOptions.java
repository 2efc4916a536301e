package io.milvusferry.migration.live;

import java.time.Duration;

/**
 * How collections are brought to where reads can be cut over.
 *
 * @param until the last phase to do, at most {@link MigrationPhase#SHADOW}
 * @param lagLimit how old the oldest write may be that the target lacks
 * @param patience how long the journal may not become shorter before catching up is given up
 * @param threads slices compared at once
 * @param rereadDelay how long a difference must last before it is looked at closely
 * @param maxRounds rounds of comparison at most
 * @param repairs how many rows a round may overwrite or delete
 * @param shadowPercent share of searches that the target is asked too
 * @param watch how long that goes on; zero leaves it out
 * @param minRecall least share of the source's hits that the target must find, 0 to 1
 */
public record StartOptions(
    MigrationPhase until,
    Duration lagLimit,
    Duration patience,
    int threads,
    Duration rereadDelay,
    int maxRounds,
    RepairLimit repairs,
    int shadowPercent,
    Duration watch,
    double minRecall) {
  public static final StartOptions DEFAULT =
      new StartOptions(
          MigrationPhase.SHADOW,
          Duration.ofSeconds(5),
          Duration.ofMinutes(10),
          2,
          Duration.ofSeconds(3),
          20,
          RepairLimit.USUAL,
          10,
          Duration.ofSeconds(60),
          0);

  public StartOptions {
    if (!until.upTo(MigrationPhase.SHADOW)) {
      throw new IllegalArgumentException("a start ends with phase shadow at the latest");
    }
    if (shadowPercent < 0 || shadowPercent > 100 || minRecall < 0 || minRecall > 1) {
      throw new IllegalArgumentException(
          "shadow share %d %%, least recall %s".formatted(shadowPercent, minRecall));
    }
    if (threads < 1 || maxRounds < CompareRounds.CLEAN_ROUNDS) {
      throw new IllegalArgumentException("%d threads, %d rounds".formatted(threads, maxRounds));
    }
  }

  /** The same, comparing so many slices at once and looking again after so long. */
  public StartOptions comparing(int slices, Duration delay, RepairLimit limit) {
    return new StartOptions(
        until,
        lagLimit,
        patience,
        slices,
        delay,
        maxRounds,
        limit,
        shadowPercent,
        watch,
        minRecall);
  }

  public StartOptions until(MigrationPhase last) {
    return new StartOptions(
        last,
        lagLimit,
        patience,
        threads,
        rereadDelay,
        maxRounds,
        repairs,
        shadowPercent,
        watch,
        minRecall);
  }
}
