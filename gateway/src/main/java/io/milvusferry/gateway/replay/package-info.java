/** Journaled writes on their way to the server that follows. */
@NullMarked
package io.milvusferry.gateway.replay;

import org.jspecify.annotations.NullMarked;
