/** Writes of mirrored collections on disk, and their replay in order. */
@NullMarked
package io.milvusferry.gateway.journal;

import org.jspecify.annotations.NullMarked;
