package io.milvusferry.gateway;

import java.time.Instant;

/**
 * A write that one side took and the other refused for good.
 *
 * @param sequence its place in the journal
 * @param keys the first keys it is about, as text, shortened
 * @param reason what the server said
 */
public record FailedWrite(
    long sequence, String kind, String partition, String keys, Instant writtenAt, String reason) {}
