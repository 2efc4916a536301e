/** Tests of calls on their way. */
@NullMarked
package io.milvusferry.gateway.proxy;

import org.jspecify.annotations.NullMarked;
