package io.milvusferry.exporter;

import io.milvusferry.connector.MilvusServer;
import io.milvusferry.manifest.Excerpt;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.progress.Throttle;
import io.milvusferry.signature.SigningKey;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What to export, from where, and how.
 *
 * @param sourceId tells one source from another, so that a rerun against another server is refused;
 *     a digest of the address, never the address
 * @param directory becomes the archive; new, empty, or left by an interrupted run of the same
 *     export
 * @param excerpt which part of each collection
 * @param reader how rows are read
 * @param load load collections that are released, for the time of the export
 * @param temporaryIndex index collections that have no index, for the time of the export; implies
 *     {@code load}
 * @param readLimit bytes a second over all reads
 * @param readers how many slices are read at once
 * @param createdBy product, version and commit for the manifest
 * @param signer signs the seal, if it is to be signed
 */
public record ExportRequest(
    MilvusServer server,
    String sourceId,
    Path directory,
    NameFilter selection,
    Excerpt excerpt,
    Reader reader,
    boolean load,
    boolean temporaryIndex,
    Throttle readLimit,
    int readers,
    String createdBy,
    Optional<SigningKey> signer,
    InstantSource clock,
    ProgressSink progress) {}
