package io.milvusferry.connector;

import io.milvusferry.digest.Digest;

/**
 * Tells whether a collection is still the one that was looked at before.
 *
 * @param id the server's id; another after drop and create
 * @param createdTimestamp hybrid timestamp of its creation
 * @param schema digest of its schema as the server describes it
 */
public record CollectionIdentity(long id, long createdTimestamp, Digest schema) {}
