/** Where something comes from: SSH signatures, and the keys that are trusted. */
@NullMarked
package io.milvusferry.signature;

import org.jspecify.annotations.NullMarked;
