/** The bundle: a deterministic tar, cut into chunks that are compressed one by one. */
@NullMarked
package io.milvusferry.transfer.bundle;

import org.jspecify.annotations.NullMarked;
