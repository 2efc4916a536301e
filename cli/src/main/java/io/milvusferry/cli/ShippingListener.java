package io.milvusferry.cli;

import io.milvusferry.exporter.ExportListener;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.transfer.ShipAhead;

/** Ships what an export makes. */
record ShippingListener(ShipAhead ahead) implements ExportListener {
  @Override
  public void began(String creationId) {
    ahead.begin(creationId);
  }

  @Override
  public void durable(PartEntry part) {
    ahead.add(part.path(), part.bytes(), part.digest());
  }
}
