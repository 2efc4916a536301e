/** Rows in memory, in columns, and how they are read: the one thing that passes between modules. */
@NullMarked
package io.milvusferry.record;

import org.jspecify.annotations.NullMarked;
