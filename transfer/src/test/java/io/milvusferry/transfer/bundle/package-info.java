/** Tests. */
@NullMarked
package io.milvusferry.transfer.bundle;

import org.jspecify.annotations.NullMarked;
