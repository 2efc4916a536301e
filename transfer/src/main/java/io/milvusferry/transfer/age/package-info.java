/** The age format with X25519: a writer that can write the same file again, and a reader. */
@NullMarked
package io.milvusferry.transfer.age;

import org.jspecify.annotations.NullMarked;
