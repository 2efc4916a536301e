package io.milvusferry.parquet;

import io.milvusferry.record.Column;
import io.milvusferry.record.Columns;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;
import org.apache.parquet.bytes.ByteBufferReleaser;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads vectors of 32-bit floats from pages as {@link FloatVectorPages} writes them, without
 * looking at single floats. From the first page on that has nulls, or is in any other way not what
 * is written here, the rest of the row group is left to the general reader, which finds out what is
 * wrong with it, if anything is.
 */
final class FloatVectorReader implements FieldCodec.FieldReader {
  private final FieldCodec codec;
  private final int width;
  private final FloatVectorLevels levels;
  private final PageReader pages;
  private final Function<PageReadStore, FieldCodec.FieldReader> fallback;
  private final VectorBuffer vectors;
  private FieldCodec.@Nullable FieldReader general;
  private ByteBuffer page = ByteBuffer.allocate(0);

  /** Values of pages that are not opened. */
  private long left;

  /**
   * @param levels those of pages without nulls
   * @param pages the pages of the column, before the first
   * @param fallback makes the general reader, of the pages that are left
   */
  FloatVectorReader(
      FieldCodec codec,
      FloatVectorLevels levels,
      PageReader pages,
      Function<PageReadStore, FieldCodec.FieldReader> fallback) {
    this.codec = codec;
    this.levels = levels;
    this.pages = pages;
    this.fallback = fallback;
    width = codec.field.vectorBytes();
    vectors = new VectorBuffer(codec.field);
    left = pages.getTotalValueCount();
  }

  @Override
  public int readRow() {
    if (general == null && !page.hasRemaining()) {
      openPage();
    }
    if (general != null) {
      return general.readRow();
    }
    int at = vectors.addRow();
    page.get(vectors.bytes(), at, width);
    return width;
  }

  @Override
  public Column take() {
    Column direct = vectors.take();
    return general == null ? direct : Columns.join(List.of(direct, general.take()));
  }

  @Override
  public boolean atEnd() {
    return general == null ? left == 0 && !page.hasRemaining() : general.atEnd();
  }

  private void openPage() {
    DataPage next = pages.readPage();
    if (next == null) {
      throw new DamagedPartException("does not begin a row where one should begin");
    }
    ByteBuffer content = vectorsOf(next);
    if (content == null) {
      general = fallback.apply(new Rest(next));
    } else {
      page = content;
      left -= next.getValueCount();
    }
  }

  /** The bytes of the vectors of a page as it is written here; null if it is another. */
  private @Nullable ByteBuffer vectorsOf(DataPage next) {
    int values = next.getValueCount();
    int dimension = codec.field.dimension();
    if (!(next instanceof DataPageV1 plain)
        || plain.getRlEncoding() != Encoding.RLE
        || plain.getDlEncoding() != Encoding.RLE
        || plain.getValueEncoding() != Encoding.PLAIN
        || values < 1
        || values > left
        || values % dimension != 0
        || (long) values * Float.BYTES > plain.getBytes().size()) {
      return null;
    }
    try (ByteBufferReleaser heap = new ByteBufferReleaser(HeapByteBufferAllocator.getInstance())) {
      ByteBuffer content = plain.getBytes().toByteBuffer(heap).slice();
      int length = values * Float.BYTES;
      int start = content.limit() - length;
      ByteBuffer expected = ByteBuffer.wrap(levels.of(values / dimension));
      return content.slice(0, start).equals(expected) ? content.slice(start, length) : null;
    } catch (IOException e) {
      throw new DamagedPartException("has a page that cannot be read");
    }
  }

  /** A page that was taken already, and those behind it. */
  private final class Rest implements PageReadStore, PageReader {
    private final long values = left;
    private @Nullable DataPage first;

    Rest(DataPage first) {
      this.first = first;
    }

    @Override
    public PageReader getPageReader(ColumnDescriptor leaf) {
      return this;
    }

    @Override
    public long getRowCount() {
      throw new UnsupportedOperationException("nobody counts the rows that are left");
    }

    @Override
    public @Nullable DictionaryPage readDictionaryPage() {
      return pages.readDictionaryPage();
    }

    @Override
    public long getTotalValueCount() {
      return values;
    }

    @Override
    public @Nullable DataPage readPage() {
      DataPage next = first == null ? pages.readPage() : first;
      first = null;
      return next;
    }
  }
}
