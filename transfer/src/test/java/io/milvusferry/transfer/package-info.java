/** Tests. */
@NullMarked
package io.milvusferry.transfer;

import org.jspecify.annotations.NullMarked;
