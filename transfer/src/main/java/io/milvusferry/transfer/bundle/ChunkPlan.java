package io.milvusferry.transfer.bundle;

import io.milvusferry.digest.Digest;
import java.util.List;

/**
 * What one chunk holds.
 *
 * @param index place in the bundle, from zero
 * @param rawBytes before compression
 * @param source tells these bytes from all others, by the digests of the files that they come from;
 *     known without reading them
 */
public record ChunkPlan(int index, long rawBytes, Digest source, List<Segment> segments) {
  public ChunkPlan {
    segments = List.copyOf(segments);
  }

  /** One chunk and no other: which place it has, and what it holds. */
  public record Id(int index, Digest source) {}

  /** The same for the same place and content, however it was planned. */
  public Id id() {
    return new Id(index, source);
  }

  /** The files of which a piece lies in this chunk, in order. */
  public List<SealedFiles.SealedFile> files() {
    return segments.stream()
        .filter(Segment.FileRange.class::isInstance)
        .map(segment -> ((Segment.FileRange) segment).file())
        .distinct()
        .toList();
  }
}
