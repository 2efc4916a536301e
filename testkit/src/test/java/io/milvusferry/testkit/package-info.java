/** Proves that the fakes do what real servers do. */
@NullMarked
package io.milvusferry.testkit;

import org.jspecify.annotations.NullMarked;
