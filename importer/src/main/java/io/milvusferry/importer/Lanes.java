package io.milvusferry.importer;

import io.milvusferry.connector.Capabilities;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.Lane;
import io.milvusferry.manifest.PartEntry;
import java.util.List;

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
    if (staging instanceof Staging.None
        || !capabilities.bulkImport()
        || target.schema().primaryKey().autoId()) {
      return List.of();
    }
    List<PartEntry> parts =
        entry.parts().stream()
            .filter(part -> part.lane() == Lane.BULK)
            .filter(part -> ServerVersion.atLeast(serverVersion, part.minServer()))
            .filter(part -> !progress.part(part.path()).loaded())
            .filter(part -> !progress.part(part.path()).insertBegun())
            .toList();
    return parts.stream().mapToLong(PartEntry::rows).sum() < bulkFromRows ? List.of() : parts;
  }

  /** Parts that are not in the target yet. */
  static List<PartEntry> pending(CollectionEntry entry, CollectionProgress progress) {
    return entry.parts().stream().filter(part -> !progress.part(part.path()).loaded()).toList();
  }
}
