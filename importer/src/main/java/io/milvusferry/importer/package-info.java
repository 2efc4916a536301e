/** A sealed archive into collections of a target, compared afterwards. */
@NullMarked
package io.milvusferry.importer;

import org.jspecify.annotations.NullMarked;
