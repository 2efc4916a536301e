package io.milvusferry.transfer;

import io.milvusferry.progress.ByteSize;
import io.milvusferry.signature.SigningKey;
import io.milvusferry.transfer.age.Recipients;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What to ship, where to, and how.
 *
 * @param archive a sealed archive
 * @param codec name of the codec; see {@code ChunkCodecs}
 * @param again indexes of chunks that are sent even if they seem to be there
 * @param volumeSize bytes of a volume, at most, where the bundle is split into volumes; only
 *     directories take them
 * @param signer signs the index, and the seal if that bears no signature
 * @param recipients who can open the bundle; empty for everybody
 * @param readBack share of the chunks that is fetched again and compared, 0 to 1; not of volumes
 * @param state directory for journals, made when it is not there
 */
public record ShipRequest(
    Path archive,
    Destination to,
    String codec,
    Set<Integer> again,
    Optional<ByteSize> volumeSize,
    Optional<SigningKey> signer,
    Optional<Recipients> recipients,
    double readBack,
    Path state) {
  public ShipRequest {
    again = Set.copyOf(again);
  }
}
