package io.milvusferry.migration;

import io.milvusferry.importer.AutoId;
import io.milvusferry.importer.Deviation;
import io.milvusferry.importer.OnExisting;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.verify.DescriptionComparison;
import io.milvusferry.verify.DescriptionFinding;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Holds everything but the rows of a target against its source. */
final class DescriptionCheck {
  private DescriptionCheck() {}

  /** What differs and was not to be expected, one sentence each. */
  static List<String> findings(
      CollectionDescription source,
      CollectionDescription target,
      List<Deviation> declared,
      MigrationRequest request) {
    // How a target is served depends on its cluster, and is said where it deviates.
    Set<String> expected = new HashSet<>(Set.of("settings.replicas", "settings.resourceGroups"));
    declared.forEach(deviation -> expected.add(deviation.path()));
    if (request.autoId() == AutoId.KEEP_KEYS) {
      expected.add("schema.fields.%s.autoId".formatted(source.schema().primaryKey().name()));
    }
    if (!source.name().equals(target.name()) || !request.target().capabilities().aliases()) {
      expected.add("aliases");
    }
    if (request.onExisting() == OnExisting.APPEND) {
      expected.addAll(Set.of("aliases", "properties", "indexes", "settings", "partitions"));
    }
    return DescriptionComparison.of(source, target, expected).findings().stream()
        .map(DescriptionFinding::message)
        .toList();
  }
}
