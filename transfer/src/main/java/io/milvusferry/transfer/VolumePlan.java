package io.milvusferry.transfer;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.DigestList;
import io.milvusferry.progress.ByteSize;
import io.milvusferry.transfer.bundle.BundleIndex;
import io.milvusferry.transfer.bundle.ChunkEntry;
import io.milvusferry.transfer.bundle.ChunkPlan;
import io.milvusferry.transfer.bundle.EncryptedIndex;
import io.milvusferry.transfer.bundle.VolumeLabel;
import io.milvusferry.transfer.bundle.VolumeLabelFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which chunks lie in which volume: in order, each volume as full as its size allows.
 *
 * @param index of the whole bundle
 * @param indexFiles with that index, which lie in every volume
 * @param signature of the index, if it is signed
 * @param firstChunks the first chunk of each volume
 */
record VolumePlan(
    BundleIndex index,
    IndexFiles indexFiles,
    Optional<byte[]> signature,
    List<Integer> firstChunks) {
  /** A digest, two spaces and a line feed. */
  private static final long SUM = 67;

  /** What an index says of one chunk, at most, and of everything else. */
  private static final long INDEX_LINE = 400;

  private static final long REST = 8192;

  /** What stands outside says of one chunk, and what encryption adds, at most. */
  private static final long OUTSIDE_LINE = 200;

  private static final long ENCRYPTION = 64 << 10;

  VolumePlan {
    firstChunks = List.copyOf(firstChunks);
  }

  /**
   * Refuses a size that the largest chunk may not fit into, before anything is read.
   *
   * @throws FerryException {@link ErrorCode#VOLUME_TOO_SMALL}
   */
  static void requireRoom(List<ChunkPlan> chunks, ByteSize size, boolean encrypted) {
    long largest = chunks.stream().mapToLong(ChunkPlan::rawBytes).max().orElse(0);
    long needed =
        largest
            + largest / 256
            + (INDEX_LINE + SUM) * chunks.size()
            + VolumeLabelFile.mostBytes(chunks.size())
            + REST
            + (encrypted ? OUTSIDE_LINE * chunks.size() + ENCRYPTION : 0);
    if (size.bytes() < needed) {
      throw new FerryException(
          ErrorCode.VOLUME_TOO_SMALL,
          ("a volume of %d bytes cannot hold the largest chunk, which has %d bytes, and the index of"
                  + " %d chunks: %d bytes may be needed")
              .formatted(size.bytes(), largest, chunks.size(), needed),
          "Use --volume-size %d or more.".formatted(needed),
          null);
    }
  }

  /** Fills volumes of a size that {@link #requireRoom} let by. */
  static VolumePlan of(
      BundleIndex index, IndexFiles files, Optional<byte[]> signature, ByteSize size) {
    long fixed =
        files.outside().length
            + files.encrypted().map(content -> content.length).orElse(0)
            + signature.map(content -> content.length).orElse(0)
            + VolumeLabelFile.mostBytes(index.chunks().size())
            + REST;
    List<Integer> firstChunks = new ArrayList<>();
    long room = 0;
    for (ChunkEntry chunk : index.chunks()) {
      long bytes = chunk.wireBytes() + SUM + chunk.fileName().length();
      if (firstChunks.isEmpty() || bytes > room) {
        firstChunks.add(chunk.index());
        room = size.bytes() - fixed;
      }
      room -= bytes;
    }
    return new VolumePlan(index, files, signature, firstChunks);
  }

  int volumes() {
    return firstChunks.size();
  }

  /** The chunks of a volume. */
  List<ChunkEntry> chunks(int volume) {
    int end = volume == volumes() ? index.chunks().size() : firstChunks.get(volume);
    return index.chunks().subList(firstChunks.get(volume - 1), end);
  }

  /** What a volume says of itself. */
  VolumeLabel label(int volume) {
    return new VolumeLabel(
        indexFiles.published().archive(),
        index.creationId(),
        Digest.ofContent(indexFiles.outside()),
        volume,
        firstChunks,
        index.chunks().size());
  }

  /** The files of a volume besides its chunks. */
  VolumeFiles files(int volume) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(VolumeLabel.FILE, VolumeLabelFile.toBytes(label(volume)));
    indexFiles.encrypted().ifPresent(content -> files.put(EncryptedIndex.FILE, content));
    signature.ifPresent(content -> files.put(BundleIndex.SIGNATURE, content));
    files.put(BundleIndex.FILE, indexFiles.outside());
    SortedMap<String, Digest> sums = new TreeMap<>();
    files.forEach((name, content) -> sums.put(name, Digest.ofContent(content)));
    chunks(volume).forEach(chunk -> sums.put(chunk.fileName(), chunk.wireDigest()));
    files.put(VolumeLabel.SUMS, new DigestList(sums).toBytes());
    return new VolumeFiles(files);
  }

  /**
   * The files of a volume besides its chunks.
   *
   * @param contents by name, in the order in which they are written: the label first, before the
   *     chunks, the list of digests of all other files last
   */
  record VolumeFiles(Map<String, byte[]> contents) {
    byte[] label() {
      return Objects.requireNonNull(contents.get(VolumeLabel.FILE));
    }

    byte[] sums() {
      return Objects.requireNonNull(contents.get(VolumeLabel.SUMS));
    }

    long bytes() {
      return contents.values().stream().mapToLong(content -> content.length).sum();
    }
  }
}
