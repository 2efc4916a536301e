package io.milvusferry.importer;

import io.milvusferry.digest.Digest;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.Manifest;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.parity.SampledSearch;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.RowSource;
import io.milvusferry.verify.KnownFingerprints;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the importer needs of an archive: a sealed one that was found valid, or one that exists part
 * by part only, while a collection is read and imported at once.
 */
public interface ArchiveContents {
  /** Digest of the seal, or what else tells these contents from others. */
  Digest id();

  /** What there is; of contents that still grow, what there is by now. */
  Manifest manifest();

  /** Where a part lies; absolute. */
  Path file(PartEntry part);

  /** The rows of one part, all fields, in the order of the part. */
  BatchCursor open(CollectionEntry entry, PartEntry part);

  /**
   * Makes sure that every value of a part is what its field says, unless its writer has done so.
   *
   * @throws io.milvusferry.error.FerryException {@code PART_UNREADABLE}, with the part, the field
   *     and the number of the row
   */
  default void requireSound(CollectionEntry entry, PartEntry part) {}

  /** The rows of one collection. */
  RowSource rows(CollectionEntry entry);

  /** Fingerprints that the archive states, so that its rows need not be read to compare them. */
  Optional<KnownFingerprints> known(CollectionEntry entry);

  /** Searches whose results at the source are known; none of contents that still grow. */
  default List<SampledSearch> searches(CollectionEntry entry) {
    return List.of();
  }

  /**
   * Whether parts are made while others are imported. Then {@link CollectionEntry#countedRows} is
   * the number of rows to expect.
   */
  default boolean growing() {
    return false;
  }

  /**
   * The parts of a collection for one run over them; the caller closes it.
   *
   * @param untouched whether nothing was done with a part so far; then it may be made anew
   */
  default PartFeed feed(CollectionEntry entry, Predicate<PartEntry> untouched) {
    return PartFeed.of(entry.parts());
  }

  /** The same collection with all its parts, when the feed has ended. */
  default CollectionEntry whole(CollectionEntry entry) {
    return entry;
  }

  /** All rows of a part are in the target for certain; its file is not asked for again. */
  default void loaded(PartEntry part) {}
}
