package io.milvusferry.importer;

import io.milvusferry.manifest.CollectionName;
import java.util.List;

/**
 * What an import would do with one collection.
 *
 * @param source name in the archive
 * @param target name at the target
 * @param rows rows in the archive
 * @param bytes size of its parts
 * @param bulkRows rows that the server would load from parts
 * @param insertRows rows that would be inserted
 * @param lane why rows go which way, one sentence
 * @param deviations what the target cannot keep, and what is done instead
 * @param refusals why it cannot be done; empty unless the action is a conflict
 */
public record CollectionPlan(
    CollectionName source,
    CollectionName target,
    Action action,
    long rows,
    long bytes,
    long bulkRows,
    long insertRows,
    String lane,
    List<Deviation> deviations,
    List<Refusal> refusals) {
  /** What would become of it. */
  public enum Action {
    /** It is made and filled. */
    CREATE,
    /** The one that is there is dropped, made again and filled. */
    REPLACE,
    /** Rows are added to the one that is there. */
    APPEND,
    /** An earlier run began it; the rest is loaded. */
    CONTINUE,
    /** An earlier run completed it. */
    NOTHING_TO_DO,
    /** It is there and stays as it is. */
    SKIP,
    /** It cannot be done. */
    CONFLICT
  }

  public CollectionPlan {
    deviations = List.copyOf(deviations);
    refusals = List.copyOf(refusals);
  }
}
