package io.milvusferry.exporter;

import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.Slice;

/** Rows and the slice that they belong to. */
record SliceBatch(Slice slice, RecordBatch batch) {}
