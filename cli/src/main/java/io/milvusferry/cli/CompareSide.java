package io.milvusferry.cli;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.connector.ServerCollections;
import io.milvusferry.importer.Declarations;
import io.milvusferry.importer.Deviation;
import io.milvusferry.manifest.Archive;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.Excerpt;
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

  /** Which part of a collection this side holds; a server holds all. */
  default Excerpt excerpt(CollectionName name) {
    return Excerpt.ALL;
  }

  /** The same side, where it holds all of a collection, with an excerpt of it alone. */
  default CompareSide only(Excerpt excerpt) {
    return this;
  }

  CollectionDescription describe(CollectionName name);

  /** What the import that made the collection declared; an archive is as it was exported. */
  default List<Deviation> declared(CollectionName name) {
    return List.of();
  }

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

    @Override
    public Excerpt excerpt(CollectionName name) {
      return entry(name).excerpt();
    }

    private CollectionEntry entry(CollectionName name) {
      return archive.manifest().collection(name).orElseThrow();
    }

    @Override
    public void close() {}
  }

  /**
   * A server, read no faster than the throttle lets it.
   *
   * @param declarations what was declared when collections were made there
   */
  record OfServer(MilvusServer server, Throttle limit, Excerpt part, Declarations declarations)
      implements CompareSide {
    OfServer(MilvusServer server, Throttle limit, Declarations declarations) {
      this(server, limit, Excerpt.ALL, declarations);
    }

    @Override
    public List<Deviation> declared(CollectionName name) {
      return declarations.about(name, server.source(name).identity().id());
    }

    @Override
    public CompareSide only(Excerpt excerpt) {
      return new OfServer(server, limit, excerpt, declarations);
    }

    @Override
    public List<CollectionName> collections() {
      return ServerCollections.all(server);
    }

    @Override
    public CollectionDescription describe(CollectionName name) {
      return source(name).describe();
    }

    @Override
    public ComparisonSide rows(CollectionName name) {
      return ComparisonSide.of(source(name).throttled(limit));
    }

    /**
     * A collection with the fields of the excerpt and no others was made of it: no filter is needed
     * there, and its fields may not be there any more.
     */
    private CollectionSource source(CollectionName name) {
      CollectionSource whole = server.source(name);
      boolean made =
          !part.fields().isEmpty() && part.of(name, whole.schema()).equals(whole.schema());
      return made ? whole : whole.only(part);
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
