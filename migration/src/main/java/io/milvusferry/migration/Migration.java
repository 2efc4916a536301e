package io.milvusferry.migration;

import io.milvusferry.connector.ServerCollections;
import io.milvusferry.error.FerryException;
import io.milvusferry.importer.Importer;
import io.milvusferry.importer.Pause;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.verify.ComparisonSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.random.RandomGenerator;

/**
 * Moves collections from one server into another, several at once, and compares every row.
 *
 * <p>Rows are on disk only on their way, a few parts of a collection at a time. When a migration
 * fails or is killed, collections may be at the target in part; the same request completes them.
 */
public final class Migration {
  private final RandomGenerator random;
  private final Pause pause;
  private final ComparisonSettings comparison;

  /**
   * @param random makes ids; used by several threads
   * @param pause how time passes between two looks at a server
   * @param comparison how rows are compared; which fields follows from the keys
   */
  public Migration(RandomGenerator random, Pause pause, ComparisonSettings comparison) {
    this.random = random;
    this.pause = pause;
    this.comparison = comparison;
  }

  /**
   * Moves the selected collections. One that fails does not stop the others.
   *
   * @throws FerryException when nothing was begun: nothing is selected, names are taken twice, the
   *     source does not answer; and, whatever was done, when the thread is interrupted
   */
  public MigrationResult migrate(MigrationRequest request) {
    Instant start = request.clock().instant();
    SortedMap<CollectionName, CollectionName> names =
        request.names().assign(ServerCollections.selected(request.source(), request.selection()));
    Importer importer = new Importer(request.clock(), random, pause, comparison);
    List<CollectionMove> moves = new ArrayList<>();
    names.forEach(
        (source, target) ->
            moves.add(new CollectionMove(request, importer, random, source, target)));
    List<MoveResult> results =
        new CollectionScheduler(Math.min(request.jobs(), moves.size()), request.progress())
            .run(moves);
    return new MigrationResult(
        results.stream().sorted(Comparator.comparing(MoveResult::source)).toList(),
        Duration.between(start, request.clock().instant()));
  }
}
