package io.milvusferry.cli;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.connector.ServerCollections;
import io.milvusferry.manifest.Archive;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.parquet.ArchiveRowSource;
import io.milvusferry.parquet.ParquetCodec;
import io.milvusferry.progress.Throttle;
import io.milvusferry.verify.ComparisonSide;
import io.milvusferry.verify.KnownFingerprints;
import java.util.List;

/** An archive or a server, as something to compare. */
sealed interface CompareSide extends AutoCloseable {
  /** All collections, sorted by name. */
  List<CollectionName> collections();

  CollectionDescription describe(CollectionName name);

  /** The rows of one collection. */
  ComparisonSide rows(CollectionName name);

  @Override
  void close();

  /** A sealed archive: its fingerprints are known, its rows are read where they differ. */
  record OfArchive(Archive archive) implements CompareSide {
    @Override
    public List<CollectionName> collections() {
      return archive.manifest().collections().stream().map(CollectionEntry::name).sorted().toList();
    }

    @Override
    public CollectionDescription describe(CollectionName name) {
      return entry(name).description();
    }

    @Override
    public ComparisonSide rows(CollectionName name) {
      CollectionEntry entry = entry(name);
      return ComparisonSide.of(
          new ArchiveRowSource(new ParquetCodec(), archive.layout(), entry),
          KnownFingerprints.of(archive, entry));
    }

    private CollectionEntry entry(CollectionName name) {
      return archive.manifest().collection(name).orElseThrow();
    }

    @Override
    public void close() {}
  }

  /** A server, read no faster than the throttle lets it. */
  record OfServer(MilvusServer server, Throttle limit) implements CompareSide {
    @Override
    public List<CollectionName> collections() {
      return ServerCollections.all(server);
    }

    @Override
    public CollectionDescription describe(CollectionName name) {
      return server.source(name).describe();
    }

    @Override
    public ComparisonSide rows(CollectionName name) {
      CollectionSource source = server.source(name);
      return ComparisonSide.of(source.throttled(limit));
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
