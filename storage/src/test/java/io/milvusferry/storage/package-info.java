@NullMarked
package io.milvusferry.storage;

import org.jspecify.annotations.NullMarked;
