/** Tests. */
@NullMarked
package io.milvusferry.transfer.remote;

import org.jspecify.annotations.NullMarked;
