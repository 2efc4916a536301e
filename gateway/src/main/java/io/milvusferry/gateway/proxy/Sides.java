package io.milvusferry.gateway.proxy;

import io.milvusferry.gateway.Direction;

/** The two servers. */
public record Sides(Side source, Side target) {
  /** The one that decides about a collection. */
  Side deciding(Direction direction) {
    return direction == Direction.FORWARD ? source : target;
  }
}
