package io.milvusferry.importer;

import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionEntry;
import java.util.List;

/**
 * What is to become of one collection of the archive.
 *
 * @param target what the target is to be, under its name there
 * @param deviations what the target keeps differently, one sentence each
 */
record PlannedCollection(
    CollectionEntry entry,
    CollectionDescription target,
    Decision decision,
    List<String> deviations) {
  PlannedCollection {
    deviations = List.copyOf(deviations);
  }
}
