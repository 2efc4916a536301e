package io.milvusferry.parquet;

import io.milvusferry.digest.Digest;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.KeyRange;
import java.nio.file.Path;
import java.util.List;

/** Writes record batches as Parquet parts and reads them back. Safe for several threads. */
public final class ParquetCodec {
  /**
   * Starts a part. Its file is {@code partialFile} as it is; giving it its final name is the
   * caller's.
   *
   * @throws io.milvusferry.error.FerryException when the file cannot be made
   */
  public PartWriter openWriter(Path partialFile, PartHeader header) {
    return new ColumnarPartWriter(partialFile, header, Digest.newSha256());
  }

  /**
   * Whether the footer of a part says that this project wrote it, so that every value was checked
   * on the way in: nulls, widths, UTF-8.
   *
   * @throws io.milvusferry.error.FerryException with {@code PART_UNREADABLE} when the file is no
   *     part
   */
  public boolean isOwn(Path file, List<FieldSpec> fields) {
    try (PartReader part = new PartReader(file, fields, KeyRange.ALL)) {
      return part.isOwn();
    }
  }

  /**
   * Reads a part in the order of its rows, in batches of at most {@value PartReader#MAX_ROWS} rows
   * and about {@value PartReader#MAX_BYTES} bytes. Checksums of pages are verified.
   *
   * @param fields what the batches carry, in this order; only these columns are read. The primary
   *     key must be among them unless {@code range} is {@link KeyRange#ALL}
   * @param range only rows whose key lies in it are returned; rows of a part ascend by key
   * @throws io.milvusferry.error.FerryException with {@code PART_UNREADABLE} when the file is not a
   *     part with these columns; so does the cursor, when it meets damage
   */
  public BatchCursor openPart(Path file, List<FieldSpec> fields, KeyRange range) {
    return new PartReader(file, fields, range);
  }
}
