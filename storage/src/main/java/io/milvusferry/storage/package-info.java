/** Objects that a Milvus server keeps. */
@NullMarked
package io.milvusferry.storage;

import org.jspecify.annotations.NullMarked;
