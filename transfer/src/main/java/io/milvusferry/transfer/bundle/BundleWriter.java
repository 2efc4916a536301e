package io.milvusferry.transfer.bundle;

import io.milvusferry.digest.Digest;
import io.milvusferry.digest.DigestingOutputStream;
import io.milvusferry.manifest.ArchiveLayout;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The tar stream of a sealed archive, cut into chunks. The cuts depend on names and sizes alone, so
 * every chunk can be made by itself, again, and at the same time as others.
 */
public final class BundleWriter {
  /** Raw bytes of a chunk, at most, whoever made it. */
  static final long MOST_CHUNK_BYTES = 64L << 20;

  private static final long CHUNK_BYTES = 8L << 20;

  /** In small archives, so that many connections are busy to the end. */
  private static final long LEAST_CHUNK_BYTES = 1L << 20;

  /** Archives have so many chunks, as long as chunks do not become too small or too large. */
  private static final long CHUNKS = 256;

  /** Above it, chunks are as large as they may be: a bundle has not more than so many. */
  private static final long LARGE_ARCHIVE = 1L << 40;

  private final ArchiveLayout layout;
  private final List<ChunkPlan> chunks = new ArrayList<>();

  /** Plans the chunks; nothing but names and sizes is looked at. */
  public BundleWriter(SealedFiles archive) {
    this(archive, chunkBytes(archive));
  }

  BundleWriter(SealedFiles archive, long chunkBytes) {
    this.layout = archive.layout();
    List<Segment> tags = new ArrayList<>();
    for (SealedFiles.SealedFile file : archive.files()) {
      if (file.part()) {
        cut(TarEntry.segments(file.path(), file.bytes()), chunkBytes);
      } else {
        tags.addAll(TarEntry.segments(file.path(), file.bytes()));
      }
    }
    tags.add(TarEntry.END);
    cut(tags, chunkBytes);
  }

  private static long chunkBytes(SealedFiles archive) {
    long total = archive.files().stream().mapToLong(SealedFiles.SealedFile::bytes).sum();
    long even = Long.highestOneBit(Math.max(1, total / CHUNKS));
    return total > LARGE_ARCHIVE
        ? MOST_CHUNK_BYTES
        : Math.min(CHUNK_BYTES, Math.max(LEAST_CHUNK_BYTES, even));
  }

  public List<ChunkPlan> chunks() {
    return List.copyOf(chunks);
  }

  /** Opens the raw bytes of a chunk. */
  public InputStream open(ChunkPlan chunk) {
    return new Segments(chunk.segments().iterator());
  }

  /**
   * Whether a chunk that was made of this archive earlier may still be the planned one. The id of
   * an archive determines every byte of it but the signature, so chunks with that are read.
   */
  public boolean mayBe(ChunkEntry earlier, ChunkPlan plan) throws IOException {
    return earlier.rawBytes() == plan.rawBytes()
        && (!plan.paths().contains(ArchiveLayout.SIGNATURE)
            || earlier.rawDigest().equals(digest(plan)));
  }

  private Digest digest(ChunkPlan plan) throws IOException {
    DigestingOutputStream out = new DigestingOutputStream(OutputStream.nullOutputStream());
    try (out;
        InputStream raw = open(plan)) {
      raw.transferTo(out);
    }
    return out.digest();
  }

  private void cut(List<Segment> segments, long chunkBytes) {
    List<Segment> current = new ArrayList<>();
    long room = chunkBytes;
    for (Segment segment : segments) {
      Segment rest = segment;
      while (rest.bytes() > room) {
        current.add(head(rest, room));
        rest = tail(rest, room);
        add(current);
        current = new ArrayList<>();
        room = chunkBytes;
      }
      current.add(rest);
      room -= rest.bytes();
      if (room == 0) {
        add(current);
        current = new ArrayList<>();
        room = chunkBytes;
      }
    }
    if (!current.isEmpty()) {
      add(current);
    }
  }

  private void add(List<Segment> segments) {
    long bytes = segments.stream().mapToLong(Segment::bytes).sum();
    chunks.add(new ChunkPlan(chunks.size(), bytes, segments));
  }

  private static Segment head(Segment segment, long bytes) {
    if (segment instanceof Segment.FileRange range) {
      return new Segment.FileRange(range.path(), range.offset(), bytes);
    }
    byte[] content = ((Segment.Literal) segment).content();
    return new Segment.Literal(java.util.Arrays.copyOf(content, (int) bytes));
  }

  private static Segment tail(Segment segment, long bytes) {
    if (segment instanceof Segment.FileRange range) {
      return new Segment.FileRange(range.path(), range.offset() + bytes, range.bytes() - bytes);
    }
    byte[] content = ((Segment.Literal) segment).content();
    return new Segment.Literal(java.util.Arrays.copyOfRange(content, (int) bytes, content.length));
  }

  /** Segments one after the other, each open only while it is read. */
  private final class Segments extends InputStream {
    private final Iterator<Segment> rest;
    private InputStream current = InputStream.nullInputStream();

    Segments(Iterator<Segment> rest) {
      this.rest = rest;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] content, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      int read = current.read(content, offset, length);
      while (read < 0 && rest.hasNext()) {
        current.close();
        current = rest.next().open(layout);
        read = current.read(content, offset, length);
      }
      return read;
    }

    @Override
    public void close() throws IOException {
      current.close();
    }
  }
}
