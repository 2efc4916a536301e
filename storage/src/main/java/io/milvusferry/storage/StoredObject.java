package io.milvusferry.storage;

/**
 * An object of an {@link ObjectStore}, as it was listed.
 *
 * @param key its name below the root, with {@code /} between its segments
 * @param bytes its length
 */
public record StoredObject(String key, long bytes) {}
