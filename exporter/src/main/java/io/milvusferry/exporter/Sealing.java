package io.milvusferry.exporter;

import io.milvusferry.connector.MilvusServer;
import io.milvusferry.digest.Digest;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.BagWriter;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.Consistency;
import io.milvusferry.manifest.ConsistencyMode;
import io.milvusferry.manifest.DatabaseEntry;
import io.milvusferry.manifest.FormatVersion;
import io.milvusferry.manifest.Manifest;
import io.milvusferry.manifest.SampledSearches;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Turns durable parts into an archive: writes everything else, and last the seal. */
final class Sealing {
  private final ArchiveLayout layout;
  private final ExportRequest request;
  private final ExportJournal.Start start;
  private final List<Exporter.Prepared> prepared;

  Sealing(
      ArchiveLayout layout,
      ExportRequest request,
      ExportJournal.Start start,
      List<Exporter.Prepared> prepared) {
    this.layout = layout;
    this.request = request;
    this.start = start;
    this.prepared = prepared;
  }

  /** Writes the tag files and the seal, and returns the archive id. */
  Digest seal(List<CollectionExport.Outcome> outcomes) throws IOException {
    Map<String, byte[]> meta = new TreeMap<>();
    for (CollectionExport.Outcome outcome : outcomes) {
      CollectionEntry entry = outcome.entry();
      meta.put(
          ArchiveLayout.bucketsPath(entry.directory()),
          outcome.buckets().toText().getBytes(StandardCharsets.UTF_8));
      if (!outcome.searches().isEmpty()) {
        meta.put(
            ArchiveLayout.queriesPath(entry.directory()),
            SampledSearches.toBytes(outcome.searches()));
      }
      for (Exporter.Prepared collection : prepared) {
        if (collection.description().name().equals(entry.name())) {
          collection
              .source()
              .rawDescriptions()
              .forEach(
                  (call, raw) -> meta.put(ArchiveLayout.rawPath(entry.directory(), call), raw));
        }
      }
    }
    Manifest manifest = manifest(outcomes);
    removeLeftovers(manifest);
    return new BagWriter(layout).seal(manifest, meta, request.signer());
  }

  /**
   * Removes parts of interrupted runs, and of collections that failed, which the manifest does not
   * list.
   */
  private void removeLeftovers(Manifest manifest) throws IOException {
    Set<Path> listed = new HashSet<>();
    manifest.collections().stream()
        .flatMap(entry -> entry.parts().stream())
        .forEach(part -> listed.add(layout.resolve(part.path())));
    if (!Files.isDirectory(layout.data())) {
      return;
    }
    List<Path> found;
    try (Stream<Path> walk = Files.walk(layout.data())) {
      found = walk.filter(Files::isRegularFile).toList();
    }
    for (Path file : found) {
      if (!listed.contains(file)) {
        Files.delete(file);
      }
    }
  }

  Manifest manifest(List<CollectionExport.Outcome> outcomes) {
    List<CollectionEntry> entries = outcomes.stream().map(CollectionExport.Outcome::entry).toList();
    return new Manifest(
        FormatVersion.CURRENT,
        List.of(),
        start.createdAt(),
        request.createdBy(),
        start.creationId(),
        request.server().info(),
        weakest(entries),
        databases(entries),
        entries);
  }

  private static Consistency weakest(List<CollectionEntry> entries) {
    ConsistencyMode mode = ConsistencyMode.SNAPSHOT;
    long timestamp = 0;
    for (CollectionEntry entry : entries) {
      mode = mode.weaker(entry.consistency().mode());
      timestamp = Math.max(timestamp, entry.consistency().timestamp());
    }
    return new Consistency(mode, timestamp, List.of());
  }

  private List<DatabaseEntry> databases(List<CollectionEntry> entries) {
    MilvusServer server = request.server();
    List<DatabaseEntry> databases = new ArrayList<>();
    entries.stream()
        .map(entry -> entry.name().database())
        .distinct()
        .sorted()
        .forEach(
            name ->
                databases.add(
                    new DatabaseEntry(
                        name, server.databaseProperties(name).orElseGet(TreeMap::new))));
    return databases;
  }
}
