/** Tests. */
@NullMarked
package io.milvusferry.transfer.age;

import org.jspecify.annotations.NullMarked;
