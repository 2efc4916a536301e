/** Reads collections from the segment files of their server, as of one moment. */
@NullMarked
package io.milvusferry.exporter.segment;

import org.jspecify.annotations.NullMarked;
