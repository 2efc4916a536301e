package io.milvusferry.importer;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.CollectionTarget;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import java.util.List;

/** Makes the collection that is to be filled, or takes up the one that is there. */
final class TargetMaker {
  private static final String DEFAULT_PARTITION = "_default";

  private final ImportContext context;
  private final AutoId autoId;

  TargetMaker(ImportContext context, AutoId autoId) {
    this.context = context;
    this.autoId = autoId;
  }

  /** The collection, with its database and partitions, as the decision wants it. */
  TargetCollection prepare(PlannedCollection planned) {
    CollectionName name = planned.target().name();
    CollectionLog log = new CollectionLog(context.journal(), name, context.clock());
    long id;
    if (planned.decision() instanceof Decision.Replace replace) {
      id = replace(planned, log, replace.id());
    } else if (planned.decision() instanceof Decision.Append append) {
      log.begin(begin(planned, true, append.rowsBefore()));
      log.created(append.id());
      id = append.id();
    } else if (planned.decision() instanceof Decision.Continue begun) {
      if (log.progress().id().isEmpty()) {
        log.created(begun.id());
      }
      id = begun.id();
    } else if (planned.decision() instanceof Decision.Create) {
      id = make(planned, log);
    } else {
      throw new IllegalStateException("nothing to prepare for " + planned.decision());
    }
    makePartitions(planned.target());
    return new TargetCollection(planned.entry(), planned.target(), id, log);
  }

  /** The collection with that id, which an earlier run completed. */
  TargetCollection completed(PlannedCollection planned, long id) {
    CollectionLog log =
        new CollectionLog(context.journal(), planned.target().name(), context.clock());
    return new TargetCollection(planned.entry(), planned.target(), id, log);
  }

  /** Drops the collection with that id and makes it again, empty. */
  TargetCollection startOver(PlannedCollection planned, long id) {
    CollectionName name = planned.target().name();
    CollectionLog log = new CollectionLog(context.journal(), name, context.clock());
    long newId = replace(planned, log, id);
    makePartitions(planned.target());
    return new TargetCollection(planned.entry(), planned.target(), newId, log);
  }

  private long replace(PlannedCollection planned, CollectionLog log, long id) {
    requireSame(planned.target().name(), id);
    log.begin(begin(planned, false, 0));
    log.dropping(id);
    target(planned).drop();
    log.dropped();
    return create(planned, log);
  }

  private long make(PlannedCollection planned, CollectionLog log) {
    context
        .server()
        .createDatabase(
            planned.target().name().database(),
            DatabaseProperties.of(context.archive(), planned.entry()));
    log.begin(begin(planned, false, 0));
    return create(planned, log);
  }

  private long create(PlannedCollection planned, CollectionLog log) {
    CollectionSource source = context.server().source(planned.target().name());
    log.creating(source.timestamp().orElse(0L));
    target(planned).create(planned.target(), TargetDescription.earlyProperties(planned.target()));
    long id = source.identity().id();
    log.created(id);
    return id;
  }

  private void makePartitions(CollectionDescription wanted) {
    if (wanted.schema().partitionKey().isPresent() || wanted.partitions().isEmpty()) {
      return;
    }
    List<String> present = context.server().source(wanted.name()).describe().partitions();
    for (String partition : wanted.partitions()) {
      if (!partition.equals(DEFAULT_PARTITION) && !present.contains(partition)) {
        context.server().target(wanted.name()).createPartition(partition);
      }
    }
  }

  /**
   * @throws FerryException {@link ErrorCode#TARGET_CHANGED} when another collection has taken the
   *     name
   */
  void requireSame(CollectionName name, long id) {
    CollectionTarget target = context.server().target(name);
    if (!target.exists() || context.server().source(name).identity().id() != id) {
      throw new FerryException(
          ErrorCode.TARGET_CHANGED,
          "%s was dropped or made anew at the target while it was imported".formatted(name),
          "Find out who else works there, then run the same command again.",
          null);
    }
  }

  private CollectionProgress.Begin begin(
      PlannedCollection planned, boolean append, long rowsBefore) {
    return new CollectionProgress.Begin(planned.entry().number(), append, autoId, rowsBefore);
  }

  private CollectionTarget target(PlannedCollection planned) {
    return context.server().target(planned.target().name());
  }
}
