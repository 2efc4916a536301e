/** Sampled searches that an archive carries, so that a target can be asked the same. */
@NullMarked
package io.milvusferry.parity;

import org.jspecify.annotations.NullMarked;
