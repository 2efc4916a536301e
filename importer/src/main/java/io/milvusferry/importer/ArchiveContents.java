package io.milvusferry.importer;

import io.milvusferry.digest.Digest;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.Manifest;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.RowSource;
import io.milvusferry.verify.KnownFingerprints;
import java.nio.file.Path;
import java.util.Optional;

/** What the importer needs of an archive that was found valid. */
interface ArchiveContents {
  /** Digest of the seal. */
  Digest id();

  Manifest manifest();

  /** Where a part lies; absolute. */
  Path file(PartEntry part);

  /** The rows of one part, all fields, in the order of the part. */
  BatchCursor open(CollectionEntry entry, PartEntry part);

  /** The rows of one collection. */
  RowSource rows(CollectionEntry entry);

  /** Fingerprints that the archive states, so that its rows need not be read to compare them. */
  Optional<KnownFingerprints> known(CollectionEntry entry);
}
