package io.milvusferry.importer;

import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.PartEntry;

/** Makes sure, once for all imports that share a server, that it can read the staging place. */
record StagingProof(ImportContext context, ServerProbe probe, StagingArea staging) {
  /**
   * @throws io.milvusferry.error.FerryException {@code STAGING_UNREADABLE} when the server does not
   *     show that it can read the part
   */
  void require(CollectionEntry entry, PartEntry part) {
    context.share().proveStaging(() -> probe.prove(staging, entry, part));
  }
}
