package io.milvusferry.gateway.proxy;

import io.milvusferry.manifest.CollectionName;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The reads of each mirrored collection since they were last counted anew. */
public final class ReadMeters {
  private final Map<CollectionName, ReadMeter> meters = new ConcurrentHashMap<>();

  public ReadMeter of(CollectionName collection) {
    return meters.computeIfAbsent(collection, name -> new ReadMeter());
  }

  /** Counts anew. */
  public void reset(CollectionName collection) {
    meters.remove(collection);
  }
}
