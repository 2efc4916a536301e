/**
 * The files in which a Milvus server keeps rows and deletes: where they lie and what is around
 * their values.
 */
@NullMarked
package io.milvusferry.storage.binlog;

import org.jspecify.annotations.NullMarked;
