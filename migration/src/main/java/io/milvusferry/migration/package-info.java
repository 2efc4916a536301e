/** Journeys of collections from server to server: direct, many at once, and live. */
@NullMarked
package io.milvusferry.migration;

import org.jspecify.annotations.NullMarked;
