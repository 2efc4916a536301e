package io.milvusferry.importer;

import io.milvusferry.connector.Capabilities;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.Lane;
import io.milvusferry.manifest.PartEntry;
import java.util.List;
import java.util.function.Predicate;

/**
 * Decides which way the rows of each part go.
 *
 * @param serverVersion as the server says
 * @param bulkFromRows collections with fewer rows left go by insert
 */
record Lanes(Staging staging, Capabilities capabilities, String serverVersion, long bulkFromRows) {

  /** Those parts, not yet loaded, that the server is to read itself. */
  List<PartEntry> bulk(
      CollectionEntry entry, CollectionDescription target, CollectionProgress progress) {
    List<PartEntry> parts =
        entry.parts().stream()
            .filter(part -> takesBulk(part, target, progress.part(part.path())))
            .filter(part -> !progress.part(part.path()).loaded())
            .toList();
    return parts.stream().mapToLong(PartEntry::rows).sum() < bulkFromRows ? List.of() : parts;
  }

  /** Which parts the server is to read itself, of a collection whose parts are not all known. */
  Predicate<PartEntry> bulkOfGrowing(
      CollectionEntry entry, CollectionDescription target, CollectionProgress progress) {
    return entry.countedRows() < bulkFromRows
        ? part -> false
        : part -> takesBulk(part, target, progress.part(part.path()));
  }

  private boolean takesBulk(PartEntry part, CollectionDescription target, PartProgress progress) {
    return !(staging instanceof Staging.None)
        && capabilities.bulkImport()
        && !target.schema().primaryKey().autoId()
        && part.lane() == Lane.BULK
        && ServerVersion.atLeast(serverVersion, part.minServer())
        && !progress.insertBegun();
  }

  /** Why the rows of a collection go the way they go, in one sentence. */
  String reason(CollectionEntry entry, CollectionDescription target, CollectionProgress progress) {
    List<PartEntry> pending = pending(entry, progress);
    long bulk = rows(bulk(entry, target, progress));
    long rows = rows(pending);
    if (rows == 0) {
      return "no rows are to be loaded";
    }
    if (bulk == rows) {
      return "the server reads the parts itself";
    }
    if (staging instanceof Staging.None) {
      return "rows are inserted, since no staging place is named";
    }
    if (!capabilities.bulkImport()) {
      return "rows are inserted, since the server takes no bulk import of Parquet";
    }
    if (target.schema().primaryKey().autoId()) {
      return "rows are inserted, since the target makes new keys";
    }
    long takes =
        rows(
            pending.stream()
                .filter(part -> takesBulk(part, target, progress.part(part.path())))
                .toList());
    if (bulk == 0 && takes > 0) {
      return "rows are inserted, since a bulk import does not pay for fewer than %,d"
          .formatted(bulkFromRows);
    }
    String others =
        "rows that no bulk import of this server takes, such as those with NaN, are inserted";
    return bulk == 0 ? others : "the server reads most parts itself; " + others;
  }

  private static long rows(List<PartEntry> parts) {
    return parts.stream().mapToLong(PartEntry::rows).sum();
  }

  /** Parts that are not in the target yet. */
  static List<PartEntry> pending(CollectionEntry entry, CollectionProgress progress) {
    return entry.parts().stream().filter(part -> !progress.part(part.path()).loaded()).toList();
  }
}
