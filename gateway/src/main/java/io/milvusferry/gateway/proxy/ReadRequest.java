package io.milvusferry.gateway.proxy;

import io.milvus.grpc.ConsistencyLevel;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A read, as far as it matters where it is answered.
 *
 * @param guarantee timestamp of the source's clock that the answer must not be older than, or one
 *     of the small numbers that stand for a level
 * @param consistency what the request says; {@code UNRECOGNIZED} when it asks for the collection's
 *     default
 * @param pinned whether it must be answered where the calls before and after it are: pages of one
 *     iterator do not fit together when they come from two servers
 */
record ReadRequest(ReadKind kind, long guarantee, ConsistencyLevel consistency, boolean pinned) {
  private static final long EVENTUALLY = 1;
  private static final long BOUNDED = 2;

  static ReadRequest parse(ReadKind kind, byte[] request) {
    Reading reading = new Reading(kind);
    WireFields.visit(request, reading);
    return new ReadRequest(
        kind,
        reading.guarantee,
        reading.byDefault ? ConsistencyLevel.UNRECOGNIZED : reading.level(),
        reading.pinned);
  }

  /** How fresh the answer must be, as the server would understand it. */
  ConsistencyLevel freshness(Described collection) {
    if (consistency == ConsistencyLevel.UNRECOGNIZED) {
      return collection.consistency();
    }
    if (consistency != ConsistencyLevel.Strong || guarantee == 0) {
      return consistency;
    }
    // Clients that know no levels say it by the timestamp.
    return guarantee == EVENTUALLY
        ? ConsistencyLevel.Eventually
        : guarantee == BOUNDED ? ConsistencyLevel.Bounded : ConsistencyLevel.Customized;
  }

  /** Whether the guarantee is a timestamp of the source's clock. */
  boolean bearsTimestamp() {
    return Long.compareUnsigned(guarantee, BOUNDED) > 0;
  }

  private static final class Reading implements WireFields.Visitor {
    private static final int SEARCH_PARAMETERS = 9;

    private final ReadKind kind;
    private long guarantee;
    private int level;
    private boolean byDefault;
    private boolean pinned;

    Reading(ReadKind kind) {
      this.kind = kind;
    }

    ConsistencyLevel level() {
      ConsistencyLevel known = ConsistencyLevel.forNumber(level);
      return known == null ? ConsistencyLevel.Strong : known;
    }

    @Override
    public void number(int field, long value) {
      if (field == kind.guarantee) {
        guarantee = value;
      } else if (field == kind.consistency) {
        level = (int) value;
      } else if (field == kind.defaultConsistency) {
        byDefault = value != 0;
      }
    }

    @Override
    public void bytes(int field, ByteBuffer value) throws IOException {
      if (field == kind.parameters) {
        pinned |= Parameter.read(value).pins();
      } else if (field == kind.searches) {
        WireFields.visit(
            value,
            new WireFields.Visitor() {
              @Override
              public void bytes(int number, ByteBuffer pair) {
                if (number == SEARCH_PARAMETERS) {
                  pinned |= Parameter.read(pair).pins();
                }
              }
            });
      }
    }
  }

  /** A name and a value, as requests bear them. */
  private record Parameter(String name, String value) {
    static Parameter read(ByteBuffer pair) {
      String[] texts = {"", "", ""};
      WireFields.visit(
          pair,
          new WireFields.Visitor() {
            @Override
            public void bytes(int field, ByteBuffer text) {
              if (field == 1 || field == 2) {
                texts[field] = WireFields.text(text);
              }
            }
          });
      return new Parameter(texts[1], texts[2]);
    }

    boolean pins() {
      return name.contains("iter")
          || name.equals("collection_id")
          || name.equals("radius")
          || name.equals("range_filter")
          || (name.equals("offset") && !value.equals("0"))
          || (name.equals("params")
              && (value.contains("radius") || value.contains("range_filter")));
    }
  }
}
