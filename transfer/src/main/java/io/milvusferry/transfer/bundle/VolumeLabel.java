package io.milvusferry.transfer.bundle;

import io.milvusferry.digest.Digest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What one volume of a bundle says of itself: which bundle it belongs to, which of its volumes it
 * is, and which chunks lie in each of them.
 *
 * @param archiveId digest of the seal of the archive, empty where the bundle is encrypted
 * @param creationId of the archive
 * @param indexDigest of the file {@value BundleIndex#FILE}, which is the same in every volume
 * @param number of this volume, from one
 * @param firstChunks the first chunk of each volume, ascending from zero
 * @param chunks of the whole bundle
 */
public record VolumeLabel(
    Optional<Digest> archiveId,
    String creationId,
    Digest indexDigest,
    int number,
    List<Integer> firstChunks,
    int chunks) {
  /** The name of the file. */
  public static final String FILE = "volume.json";

  /**
   * The list that {@code sha256sum -c} reads; written last, so a volume without it is not whole.
   */
  public static final String SUMS = "SHA256SUMS";

  /** The value of the key {@code format}. */
  public static final String FORMAT = "milvus-ferry-volume";

  /** What this build writes, and the newest that it reads. */
  public static final int CURRENT = 1;

  public VolumeLabel {
    firstChunks = List.copyOf(firstChunks);
    BundleIndex.requireCreationId(creationId);
    if (firstChunks.isEmpty() || firstChunks.get(0) != 0) {
      throw new IllegalArgumentException("the first volume does not begin with chunk 0");
    }
    for (int i = 1; i < firstChunks.size(); i++) {
      if (firstChunks.get(i) <= firstChunks.get(i - 1)) {
        throw new IllegalArgumentException(
            "volume %d begins with chunk %d, volume %d with chunk %d"
                .formatted(i, firstChunks.get(i - 1), i + 1, firstChunks.get(i)));
      }
    }
    if (chunks > ChunkEntry.MOST_CHUNKS || chunks <= firstChunks.get(firstChunks.size() - 1)) {
      throw new IllegalArgumentException(
          "%d chunks do not fill %d volumes".formatted(chunks, firstChunks.size()));
    }
    if (number < 1 || number > firstChunks.size()) {
      throw new IllegalArgumentException(
          "there is no volume %d of %d".formatted(number, firstChunks.size()));
    }
  }

  /** The name of the directory that a volume is written to. */
  public static String directoryName(int number) {
    return String.format(Locale.ROOT, "volume-%03d", number);
  }

  /** What the bundle holds, for people. */
  public String archive() {
    return archiveId
        .map(id -> "the archive " + id)
        .orElse("an encrypted archive with the creation id " + creationId);
  }

  /** Whether it speaks of the same bundle as an index does. */
  public boolean agreesWith(PublishedIndex index) {
    return archiveId.equals(index.archive())
        && creationId.equals(index.creationId())
        && chunks == index.size();
  }

  /** Volumes of the bundle. */
  public int volumes() {
    return firstChunks.size();
  }

  /** The volume that a chunk belongs to. */
  public int volumeOf(int chunk) {
    int place = Collections.binarySearch(firstChunks, chunk);
    return place >= 0 ? place + 1 : -place - 1;
  }

  /** Whether both are volumes of one bundle that was split once. */
  public boolean belongsWith(VolumeLabel other) {
    return archiveId.equals(other.archiveId)
        && indexDigest.equals(other.indexDigest)
        && firstChunks.equals(other.firstChunks)
        && chunks == other.chunks;
  }
}
