package io.milvusferry.transfer;

import io.milvusferry.digest.Digest;
import java.util.List;

/**
 * What was shipped. Every byte was acknowledged; only the receiver verifies.
 *
 * @param bundle where the bundle lies
 * @param rawBytes of all chunks
 * @param wireBytes of all chunks
 * @param weaknesses what the other side cannot do, and what was done instead
 * @param connections that were open at once, at most; zero for a directory
 * @param chunksReadBack how many chunks were fetched again, and were what was sent
 * @param encrypted whether only some can open the bundle
 * @param volumes what the bundle is split into; none where it is whole
 */
public record ShipResult(
    String bundle,
    Digest archiveId,
    String creationId,
    List<ChunkOutcome> chunks,
    long rawBytes,
    long wireBytes,
    List<String> weaknesses,
    int connections,
    int chunksReadBack,
    boolean encrypted,
    List<ShippedVolume> volumes) {
  public ShipResult {
    chunks = List.copyOf(chunks);
    weaknesses = List.copyOf(weaknesses);
    volumes = List.copyOf(volumes);
  }

  /** Bytes that were sent in this run. */
  public long bytesSent() {
    return chunks.stream().mapToLong(ChunkOutcome::bytesSent).sum();
  }

  /** Chunks that were sent in this run. */
  public long chunksSent() {
    return chunks.stream().filter(ChunkOutcome.Sent.class::isInstance).count();
  }

  /** Chunks that were not sent in this run, because an earlier bundle there has them. */
  public long chunksLinked() {
    return chunks.stream().filter(ChunkOutcome.Linked.class::isInstance).count();
  }

  /** Chunks whose digest the other side has computed in this run. */
  public long chunksCompared() {
    return chunks.stream()
        .filter(chunk -> chunk instanceof ChunkOutcome.Sent sent && sent.compared())
        .count();
  }

  /** Whether the whole bundle was there before. */
  public boolean nothingToDo() {
    return chunks.stream().allMatch(ChunkOutcome.AlreadyPresent.class::isInstance);
  }

  /** How many times smaller the bundle is than the archive. */
  public double ratio() {
    return (double) rawBytes / wireBytes;
  }
}
