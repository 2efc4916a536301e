/** Stores at the other end: a directory, or an SFTP server. */
@NullMarked
package io.milvusferry.transfer.remote;

import org.jspecify.annotations.NullMarked;
