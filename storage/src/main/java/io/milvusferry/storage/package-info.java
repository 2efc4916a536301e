/** Objects that a Milvus server keeps in a directory or in a bucket. */
@NullMarked
package io.milvusferry.storage;

import org.jspecify.annotations.NullMarked;
