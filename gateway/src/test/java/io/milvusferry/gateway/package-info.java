/** Live tests of the whole gateway. */
@NullMarked
package io.milvusferry.gateway;

import org.jspecify.annotations.NullMarked;
