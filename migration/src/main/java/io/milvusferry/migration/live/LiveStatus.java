package io.milvusferry.migration.live;

import com.google.gson.JsonObject;
import io.milvusferry.gateway.GatewayStatus;
import java.util.List;

/**
 * How the migration stands.
 *
 * @param splitter what splits reads: {@code gateway} or {@code nginx}
 * @param collections in the order of their names
 */
public record LiveStatus(
    GatewayStatus gateway, String splitter, List<CollectionStatus> collections) {
  public LiveStatus {
    collections = List.copyOf(collections);
  }

  /** The same as a document for machines. */
  public JsonObject json() {
    return LiveStatusJson.of(this);
  }
}
