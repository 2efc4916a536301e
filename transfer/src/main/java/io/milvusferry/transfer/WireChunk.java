package io.milvusferry.transfer;

import io.milvusferry.digest.Digest;
import io.milvusferry.transfer.bundle.BundleWriter;
import io.milvusferry.transfer.bundle.ChunkEntry;
import io.milvusferry.transfer.bundle.ChunkPlan;
import io.milvusferry.transfer.remote.ByteSource;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The wire bytes of one chunk, made while they are read, and measured on the way. They can be made
 * again, and are the same then. For one thread.
 */
final class WireChunk implements ByteSource {
  /**
   * Digests of prefixes are kept at multiples of this: with what is on its way, of three chunks at
   * a connection, less than 1 MiB.
   */
  private static final long MARK = 1 << 17;

  private final BundleWriter bundle;
  private final ChunkPlan plan;
  private final Packing packing;

  private final TreeMap<Long, Digest> marks = new TreeMap<>();
  private MessageDigest rawSha256 = Digest.newSha256();
  private MessageDigest wireSha256 = Digest.newSha256();
  private long wireBytes;
  private @Nullable ChunkEntry made;

  WireChunk(BundleWriter bundle, ChunkPlan plan, Packing packing) {
    this.bundle = bundle;
    this.plan = plan;
    this.packing = packing;
  }

  /** What a journal can say once the bytes before {@code offset} are acknowledged. */
  Optional<ShipJournal.Acknowledged> markBefore(long offset) {
    Map.Entry<Long, Digest> mark = marks.floorEntry(offset);
    if (mark == null) {
      return Optional.empty();
    }
    marks.headMap(mark.getKey()).clear();
    return Optional.of(
        new ShipJournal.Acknowledged(mark.getKey(), mark.getValue(), packing.release()));
  }

  /** Whether the first bytes are what an earlier run says that it sent. */
  boolean startsAs(ShipJournal.Acknowledged earlier) throws IOException {
    if (!earlier.release().equals(packing.release())) {
      return false;
    }
    try {
      open(earlier.offset()).close();
      return earlier.prefix().equals(marks.get(earlier.offset()));
    } catch (java.io.EOFException expected) {
      return false; // the chunk is shorter than that: it is another one
    }
  }

  @Override
  public InputStream open(long from) throws IOException {
    rawSha256 = Digest.newSha256();
    wireSha256 = Digest.newSha256();
    wireBytes = 0;
    made = null;
    InputStream raw = bundle.open(plan);
    InputStream wire =
        new Measured(
            packing.pack(plan, packing.keepsBytes() ? raw : new DigestInputStream(raw, rawSha256)));
    boolean ready = false;
    try {
      wire.skipNBytes(from);
      ready = true;
      return wire;
    } finally {
      if (!ready) {
        wire.close();
      }
    }
  }

  /** The chunk as the index lists it, once all its bytes were read. */
  ChunkEntry entry() {
    if (made == null) {
      throw new IllegalStateException("chunk %d was not read to its end".formatted(plan.index()));
    }
    return made;
  }

  private final class Measured extends FilterInputStream {
    private final byte[] skipped = new byte[1 << 16];

    Measured(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] content, int offset, int length) throws IOException {
      // Never across a mark, so that the digest can be taken there.
      int wanted = (int) Math.min(length, MARK - wireBytes % MARK);
      int read = in.read(content, offset, wanted);
      if (read < 0) {
        if (made == null) {
          made = measured();
        }
        return read;
      }
      wireSha256.update(content, offset, read);
      wireBytes += read;
      if (wireBytes % MARK == 0) {
        marks.put(wireBytes, snapshot());
      }
      return read;
    }

    @Override
    public long skip(long count) throws IOException {
      return Math.max(0, read(skipped, 0, (int) Math.min(count, skipped.length)));
    }

    private ChunkEntry measured() {
      Digest wire = Digest.of(wireSha256.digest());
      Digest raw = packing.keepsBytes() ? wire : Digest.of(rawSha256.digest());
      return new ChunkEntry(plan.index(), plan.rawBytes(), wireBytes, raw, wire, packing.codec());
    }

    private Digest snapshot() {
      try {
        return Digest.of(((MessageDigest) wireSha256.clone()).digest());
      } catch (CloneNotSupportedException e) {
        throw new IllegalStateException("the SHA-256 of this Java platform cannot be copied", e);
      }
    }
  }
}
