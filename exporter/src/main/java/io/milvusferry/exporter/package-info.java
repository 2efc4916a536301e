/** Collections of a source into a sealed archive. */
@NullMarked
package io.milvusferry.exporter;

import org.jspecify.annotations.NullMarked;
