/** What a long operation tells while it runs, and the limits it keeps. */
@NullMarked
package io.milvusferry.progress;

import org.jspecify.annotations.NullMarked;
