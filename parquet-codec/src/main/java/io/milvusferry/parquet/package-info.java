/** Record batches into Parquet parts and back. */
@NullMarked
package io.milvusferry.parquet;

import org.jspecify.annotations.NullMarked;
