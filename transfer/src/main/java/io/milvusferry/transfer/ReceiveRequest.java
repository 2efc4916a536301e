package io.milvusferry.transfer;

import io.milvusferry.signature.OriginCheck;
import io.milvusferry.transfer.age.Identities;
import java.nio.file.Path;
import java.util.List;

/**
 * What to receive, and where to.
 *
 * @param from the directory of a bundle, or one that holds a single bundle; for a bundle on
 *     volumes, any number of directories with any of its volumes
 * @param to new, empty, or left by an earlier run for the same bundle
 * @param origin whose signature the index and the seal must bear
 * @param identities open an encrypted bundle; none for one that is not
 * @param state directory for journals, made when it is not there
 */
public record ReceiveRequest(
    List<Destination> from, Path to, OriginCheck origin, Identities identities, Path state) {
  public ReceiveRequest {
    from = List.copyOf(from);
    if (from.isEmpty()) {
      throw new IllegalArgumentException("nothing to receive");
    }
  }

  /** Receives from one place, and demands neither a signature nor encryption. */
  public ReceiveRequest(Destination from, Path to, Path state) {
    this(List.of(from), to, OriginCheck.NONE, Identities.NONE, state);
  }
}
