package io.milvusferry.gateway.proxy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import java.util.Set;

/**
 * Calls that would change a mirrored collection past the journal, or take away what mirroring needs
 * of it.
 */
final class Refusals {
  private static final Set<String> CHANGES =
      Set.of(
          "DropCollection",
          "RenameCollection",
          "AlterCollection",
          "AlterCollectionField",
          "AddCollectionField",
          "AddCollectionFunction",
          "AlterCollectionFunction",
          "DropCollectionFunction",
          "TruncateCollection",
          "CreatePartition",
          "DropPartition",
          "Import",
          "CreateAlias",
          "AlterAlias",
          "DropAlias");

  private static final Set<String> RELEASES = Set.of("ReleaseCollection", "ReleasePartitions");

  private static final Set<String> PAST_THE_JOURNAL =
      Set.of("ReplicateMessage", "CreateReplicateStream");

  private static final Set<String> RENAMING =
      Set.of(
          "CreateCollection",
          "DropCollection",
          "RenameCollection",
          "CreateAlias",
          "AlterAlias",
          "DropAlias",
          "DropDatabase");

  private Refusals() {}

  /** Whether the call must not be made on a collection that is mirrored. */
  static boolean ofMirrored(String call) {
    return CHANGES.contains(call) || RELEASES.contains(call);
  }

  /** Whether the call must not be made on a database with a mirrored collection. */
  static boolean ofDatabase(String call) {
    return call.equals("DropDatabase");
  }

  /** Whether the call must not be made while anything is mirrored. */
  static boolean always(String call) {
    return PAST_THE_JOURNAL.contains(call);
  }

  /** Whether names of collections may mean something else after the call. */
  static boolean changesNames(String call) {
    return RENAMING.contains(call);
  }

  static FerryException mirrored(String call, CollectionName collection) {
    return RELEASES.contains(call)
        ? new FerryException(
            ErrorCode.COLLECTION_MIRRORED,
            "%s of %s is refused while it is mirrored: its rows are looked up there"
                .formatted(call, collection),
            "Wait until ferry live finish, or give up with ferry live rollback.",
            null)
        : new FerryException(
            ErrorCode.COLLECTION_MIRRORED,
            "%s of %s is refused while it is mirrored: it would go past the journal"
                .formatted(call, collection),
            "Wait until ferry live finish, or give up with ferry live rollback.",
            null);
  }

  static FerryException mixed(String call) {
    return new FerryException(
        ErrorCode.COLLECTION_MIRRORED,
        "%s names collections that different servers decide about".formatted(call),
        "Make one call for each collection.",
        null);
  }
}
