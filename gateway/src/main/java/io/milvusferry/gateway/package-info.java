/** A proxy in front of a server that mirrors writes to a second one and splits reads. */
@NullMarked
package io.milvusferry.gateway;

import org.jspecify.annotations.NullMarked;
