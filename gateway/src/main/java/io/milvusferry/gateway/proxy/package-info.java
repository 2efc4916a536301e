/** Calls of applications on their way to the two servers. */
@NullMarked
package io.milvusferry.gateway.proxy;

import org.jspecify.annotations.NullMarked;
