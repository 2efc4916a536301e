package io.milvusferry.testkit;

import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.record.RecordBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads the files that a {@link FakeMilvus} is told to import. */
public interface BulkReader {
  /** All rows of a file of a collection with that schema; the failure becomes that of the task. */
  List<RecordBatch> read(Path file, CollectionSchema schema) throws IOException;
}
