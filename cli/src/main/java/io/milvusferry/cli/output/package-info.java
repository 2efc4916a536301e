/** What a user sees: results on standard output, progress and errors on standard error. */
@NullMarked
package io.milvusferry.cli.output;

import org.jspecify.annotations.NullMarked;
