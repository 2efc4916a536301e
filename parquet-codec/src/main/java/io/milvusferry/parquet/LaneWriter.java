package io.milvusferry.parquet;

import io.milvusferry.error.LocalFailure;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.AtomicFile;
import io.milvusferry.manifest.Lane;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.record.Key;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.RowFingerprint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** The open part of one lane: its file, its fingerprint, its first and last key. */
final class LaneWriter implements AutoCloseable {
  private final PartTarget target;
  private final Lane lane;
  private final String path;
  private final Path file;
  private final PartWriter writer;
  private final RowFingerprint fingerprint;
  private final Key minKey;
  private Key maxKey;

  /**
   * Starts a part; its directory must be there.
   *
   * @param first its smallest key
   */
  LaneWriter(ParquetCodec codec, PartTarget target, Lane lane, int number, Key first) {
    this.target = target;
    this.lane = lane;
    path = ArchiveLayout.partPath(target.directory(), target.partition(), number);
    file = target.layout().resolve(path);
    writer = codec.openWriter(AtomicFile.partial(file), target.header());
    fingerprint = new RowFingerprint(target.header().fields());
    minKey = first;
    maxKey = first;
  }

  /** Appends rows, at least one, while another thread adds them to the fingerprint. */
  void write(RecordBatch rows) {
    CompletableFuture<Void> added = CompletableFuture.runAsync(() -> fingerprint.add(rows));
    try {
      writer.write(rows);
    } finally {
      added.join();
    }
    maxKey = rows.key(rows.rows() - 1);
  }

  RowFingerprint fingerprint() {
    return fingerprint;
  }

  /** Completes the part, makes it durable, and gives it its name. */
  PartEntry publish() {
    WrittenPart written = writer.finish();
    try {
      AtomicFile.publish(file);
    } catch (IOException e) {
      throw LocalFailure.of(e, file);
    }
    return new PartEntry(
        path,
        target.partition(),
        written.rows(),
        written.bytes(),
        written.digest(),
        minKey.text(),
        maxKey.text(),
        fingerprint.total(),
        lane,
        FirstServer.of(target.header().fields()));
  }

  @Override
  public void close() {
    writer.close();
  }
}
