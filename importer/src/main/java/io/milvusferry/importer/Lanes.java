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

  /** Parts that are not in the target yet. */
  static List<PartEntry> pending(CollectionEntry entry, CollectionProgress progress) {
    return entry.parts().stream().filter(part -> !progress.part(part.path()).loaded()).toList();
  }
}
