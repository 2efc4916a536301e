/** The {@code ferry} command: parses, calls one entry class, prints its result. */
@NullMarked
package io.milvusferry.cli;

import org.jspecify.annotations.NullMarked;
