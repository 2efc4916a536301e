package io.milvusferry.transfer.bundle;

import io.milvusferry.digest.Digest;
import io.milvusferry.digest.DigestingOutputStream;
import io.milvusferry.manifest.ArchiveLayout;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The tar stream of a sealed archive, cut into chunks. The cuts depend on names and sizes alone, so
 * every chunk can be made by itself, again, and at the same time as others; also while the thread
 * that adds parts plans the next ones.
 */
public final class BundleWriter {
  /** Raw bytes of a chunk, at most, whoever made it. */
  static final long MOST_CHUNK_BYTES = 64L << 20;

  private static final long CHUNK_BYTES = 8L << 20;

  /**
   * The first chunks are small, so that many connections are busy from the start, also with a small
   * archive.
   */
  private static final int CHUNKS_OF_A_SIZE = 256;

  private static final long LEAST_CHUNK_BYTES = 1L << 20;

  /** After so many, chunks are as large as they may be, so that no index grows beyond bounds. */
  private static final int MANY_CHUNKS = 1 << 16;

  private final ArchiveLayout layout;
  private final List<ChunkPlan> chunks = new ArrayList<>();

  /** Begins the plan of an archive of which nothing is known. */
  public BundleWriter(ArchiveLayout layout) {
    this.layout = layout;
  }

  /** Plans the chunks of a whole archive; nothing but names, sizes and digests is looked at. */
  public BundleWriter(SealedFiles archive) {
    this(archive.layout());
    List<SealedFiles.SealedFile> tags = new ArrayList<>();
    for (SealedFiles.SealedFile file : archive.files()) {
      if (file.part()) {
        add(file);
      } else {
        tags.add(file);
      }
    }
    end(tags);
  }

  /**
   * Plans the chunks of the next part; those before it stay what they are, whatever comes after it.
   *
   * @param part next in the order in which parts travel, which is that of their paths
   * @return its chunks
   */
  public List<ChunkPlan> add(SealedFiles.SealedFile part) {
    int before = chunks.size();
    cut(TarEntry.segments(part));
    return List.copyOf(chunks.subList(before, chunks.size()));
  }

  private void end(List<SealedFiles.SealedFile> tags) {
    List<Segment> last = new ArrayList<>();
    tags.forEach(tag -> last.addAll(TarEntry.segments(tag)));
    last.add(TarEntry.END);
    cut(last);
  }

  /** Depends on the place alone, so that it is known before the archive is whole. */
  private long chunkBytes() {
    if (chunks.size() >= MANY_CHUNKS) {
      return MOST_CHUNK_BYTES;
    }
    int doublings = Math.min(chunks.size() / CHUNKS_OF_A_SIZE, 10);
    return Math.min(CHUNK_BYTES, LEAST_CHUNK_BYTES << doublings);
  }

  public ArchiveLayout layout() {
    return layout;
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
        && (plan.files().stream().noneMatch(file -> file.path().equals(ArchiveLayout.SIGNATURE))
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

  private void cut(List<Segment> segments) {
    List<Segment> current = new ArrayList<>();
    long room = chunkBytes();
    for (Segment segment : segments) {
      Segment rest = segment;
      while (rest.bytes() > room) {
        current.add(head(rest, room));
        rest = tail(rest, room);
        add(current);
        current = new ArrayList<>();
        room = chunkBytes();
      }
      current.add(rest);
      room -= rest.bytes();
      if (room == 0) {
        add(current);
        current = new ArrayList<>();
        room = chunkBytes();
      }
    }
    if (!current.isEmpty()) {
      add(current);
    }
  }

  private void add(List<Segment> segments) {
    long bytes = segments.stream().mapToLong(Segment::bytes).sum();
    chunks.add(new ChunkPlan(chunks.size(), bytes, source(segments), segments));
  }

  private Digest source(List<Segment> segments) {
    MessageDigest sha256 = Digest.newSha256();
    for (Segment segment : segments) {
      String words =
          segment instanceof Segment.FileRange range
              ? "%s %d %d\n".formatted(range.file().digest(), range.offset(), range.bytes())
              : "%s\n".formatted(Digest.ofContent(((Segment.Literal) segment).content()));
      sha256.update(words.getBytes(StandardCharsets.UTF_8));
    }
    return Digest.of(sha256.digest());
  }

  private static Segment head(Segment segment, long bytes) {
    if (segment instanceof Segment.FileRange range) {
      return new Segment.FileRange(range.file(), range.offset(), bytes);
    }
    byte[] content = ((Segment.Literal) segment).content();
    return new Segment.Literal(java.util.Arrays.copyOf(content, (int) bytes));
  }

  private static Segment tail(Segment segment, long bytes) {
    if (segment instanceof Segment.FileRange range) {
      return new Segment.FileRange(range.file(), range.offset() + bytes, range.bytes() - bytes);
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
