package io.milvusferry.violation;

import org.apache.parquet.conf.PlainParquetConfiguration;

/** Speaks Parquet outside the codec. */
public final class SpeaksParquet {
  PlainParquetConfiguration speak() {
    return new PlainParquetConfiguration();
  }
}
