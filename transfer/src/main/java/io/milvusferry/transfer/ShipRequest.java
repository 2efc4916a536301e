package io.milvusferry.transfer;

import java.nio.file.Path;
import java.util.Set;

/**
 * What to ship, where to, and how.
 *
 * @param archive a sealed archive
 * @param codec name of the codec; see {@code ChunkCodecs}
 * @param again indexes of chunks that are sent even if they seem to be there
 * @param state directory for journals, made when it is not there
 */
public record ShipRequest(
    Path archive, Destination to, String codec, Set<Integer> again, Path state) {
  public ShipRequest {
    again = Set.copyOf(again);
  }
}
