package io.milvusferry.importer;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.parity.SampledSearch;
import io.milvusferry.record.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts the archive's sampled searches to a loaded target whose rows are the archive's. */
final class SearchProof {
  private final ImportContext context;

  SearchProof(ImportContext context) {
    this.context = context;
  }

  /**
   * One result for each sampled field that has an index at the target; none where keys are new. A
   * search that the target refuses is said, and left out.
   */
  List<SearchOverlap> compare(TargetCollection collection) {
    List<SearchOverlap> overlaps = new ArrayList<>();
    if (collection.newKeys() || collection.log().progress().begin().orElseThrow().append()) {
      return overlaps;
    }
    CollectionSource source = context.server().source(collection.name());
    // Every replica has to see what the comparison saw.
    CollectionSource target = source.timestamp().map(source::seeing).orElse(source);
    for (SampledSearch search : context.archive().searches(collection.entry())) {
      index(collection, search)
          .flatMap(i -> overlap(collection, target, i, search))
          .ifPresent(overlaps::add);
    }
    return overlaps;
  }

  private static Optional<IndexSpec> index(TargetCollection collection, SampledSearch search) {
    return collection.description().indexes().stream()
        .filter(index -> index.field().equals(search.field()))
        .filter(index -> index.metric().equals(search.metric()))
        .findFirst();
  }

  private Optional<SearchOverlap> overlap(
      TargetCollection collection, CollectionSource target, IndexSpec index, SampledSearch search) {
    CollectionSchema schema = collection.description().schema();
    FieldSpec held = schema.searched(search.field());
    try {
      List<List<String>> answers =
          target.search(index, search.batch(held), search.limit()).stream()
              .map(keys -> keys.stream().map(Key::text).toList())
              .toList();
      return Optional.of(
          new SearchOverlap(
              search.field(),
              index.type(),
              search.limit(),
              search.queries().size(),
              search.queries().stream().noneMatch(query -> query.exact().isEmpty()),
              search.sourceOverlap(),
              search.overlap(answers)));
    } catch (FerryException e) {
      if (e.code() == ErrorCode.INTERRUPTED) {
        throw e;
      }
      context
          .progress()
          .notice(
              "%s: a sampled search on %s was refused: %s"
                  .formatted(collection.name(), search.field(), e.getMessage()));
      return Optional.empty();
    }
  }
}
