package io.milvusferry.transfer.remote;

/**
 * What lies in a directory of a store.
 *
 * @param name without the directory
 * @param size as the store tells it, which proves nothing about the content
 */
public record RemoteFile(String name, long size, boolean directory) {}
