/** Digests of bytes and order-independent fingerprints of rows. */
@NullMarked
package io.milvusferry.digest;

import org.jspecify.annotations.NullMarked;
