/** Ships a sealed archive as a bundle and receives it again. */
@NullMarked
package io.milvusferry.transfer;

import org.jspecify.annotations.NullMarked;
