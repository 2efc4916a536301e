/** The seams of the house, as rules that the build enforces. */
@NullMarked
package io.milvusferry.architecture;

import org.jspecify.annotations.NullMarked;
