/** Proofs: is an archive complete and valid, and do two sides hold the same rows. */
@NullMarked
package io.milvusferry.verify;

import org.jspecify.annotations.NullMarked;
