/** Where options and secrets come from when they are not on the command line. */
@NullMarked
package io.milvusferry.cli.config;

import org.jspecify.annotations.NullMarked;
