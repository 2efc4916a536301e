@NullMarked
package io.milvusferry.parity;

import org.jspecify.annotations.NullMarked;
