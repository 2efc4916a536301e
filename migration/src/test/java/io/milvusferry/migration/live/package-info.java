/** Live migrations against servers and a gateway in memory. */
@NullMarked
package io.milvusferry.migration.live;

import org.jspecify.annotations.NullMarked;
