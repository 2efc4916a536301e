/** Parts are written, read, broken and compared. */
@NullMarked
package io.milvusferry.parquet;

import org.jspecify.annotations.NullMarked;
