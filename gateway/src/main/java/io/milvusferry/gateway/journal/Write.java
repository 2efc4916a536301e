package io.milvusferry.gateway.journal;

import io.milvusferry.manifest.CollectionName;
import io.milvusferry.record.Key;
import java.util.List;

/**
 * A write of an application, as it is journaled before the side that decides sees it.
 *
 * @param partition as the request names it; {@code ""} for the default one or by partition key
 * @param request the protobuf bytes of the request as it can be replayed, but for keys that only
 *     the answer tells
 * @param keys the rows it is about; empty for an insert whose keys the server makes
 */
public record Write(
    CollectionName collection,
    WriteKind kind,
    String partition,
    @SuppressWarnings("ArrayRecordComponent") byte[] request,
    List<Key> keys) {}
