package io.milvusferry.exporter;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.Manifest;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;

/**
 * What an export made.
 *
 * @param archiveId digest of the seal
 * @param failures collections that were selected but are not in the archive, each with the reason
 * @param findings what is in the archive but not as it should be, one sentence each
 */
public record ExportResult(
    Digest archiveId,
    Manifest manifest,
    SortedMap<CollectionName, FerryException> failures,
    List<String> findings,
    Duration duration) {}
