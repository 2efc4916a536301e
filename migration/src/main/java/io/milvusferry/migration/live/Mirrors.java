package io.milvusferry.migration.live;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.GatewayControl;
import io.milvusferry.gateway.GatewayStatus;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.manifest.CollectionName;
import java.util.Optional;

/** Finds a collection among those that a gateway mirrors. */
final class Mirrors {
  private Mirrors() {}

  static Optional<MirrorStatus> of(GatewayControl gateway, CollectionName name) {
    return of(gateway.status(), name);
  }

  static Optional<MirrorStatus> of(GatewayStatus status, CollectionName name) {
    return status.mirrors().stream().filter(mirror -> mirror.collection().equals(name)).findFirst();
  }

  /**
   * The mirror that an earlier phase made.
   *
   * @throws FerryException {@code GATEWAY_STATE_OTHER} if the gateway has none, so that its journal
   *     is not the one that the phases were recorded with
   */
  static MirrorStatus known(GatewayControl gateway, CollectionName name) {
    return of(gateway, name)
        .orElseThrow(
            () ->
                new FerryException(
                    ErrorCode.GATEWAY_STATE_OTHER,
                    "the gateway does not mirror %s, although it is recorded that it did"
                        .formatted(name),
                    "Its journal is another or was lost, and writes since then with it. Give up"
                        + " with ferry live rollback --abandon, drop the target collection, and"
                        + " start anew.",
                    null));
  }
}
