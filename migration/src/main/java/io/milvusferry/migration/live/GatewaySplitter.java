package io.milvusferry.migration.live;

import io.milvusferry.gateway.GatewayControl;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.gateway.ReadCounts;
import io.milvusferry.manifest.CollectionName;
import java.util.List;

/** Splits reads in the gateway itself. */
final class GatewaySplitter implements ReadSplitter {
  private final GatewayControl gateway;

  GatewaySplitter(GatewayControl gateway) {
    this.gateway = gateway;
  }

  @Override
  public boolean splitsByCollection() {
    return true;
  }

  @Override
  public void weigh(List<CollectionName> collections, int percent) {
    for (CollectionName collection : collections) {
      gateway.readWeight(collection, percent);
      gateway.resetReads(collection);
    }
  }

  @Override
  public ReadCounts reads(CollectionName collection) {
    return Mirrors.of(gateway, collection).map(MirrorStatus::reads).orElse(ReadCounts.NONE);
  }
}
