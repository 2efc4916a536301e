/**
 * Failures that leave a module: a code, what happened with the actual values, and what to do next.
 */
@NullMarked
package io.milvusferry.error;

import org.jspecify.annotations.NullMarked;
