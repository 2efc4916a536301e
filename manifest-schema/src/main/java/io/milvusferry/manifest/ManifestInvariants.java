package io.milvusferry.manifest;

import io.milvusferry.digest.Fingerprint;
import io.milvusferry.digest.FingerprintSum;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What must hold between the entries of one manifest. */
final class ManifestInvariants {
  private ManifestInvariants() {}

  /**
   * Checks that names and numbers are unique, that parts lie where they belong, and that
   * fingerprints of parts add up to those of partitions and collections.
   *
   * @throws IllegalArgumentException naming the collection and what does not fit
   */
  static void check(Manifest manifest) {
    Set<Object> seen = new HashSet<>();
    for (CollectionEntry entry : manifest.collections()) {
      require(seen.add(entry.number()), entry, "shares its number with another");
      require(seen.add(entry.directory()), entry, "shares its directory with another");
      require(seen.add(entry.name()), entry, "is there twice");
      require(
          !entry.directory().contains("/") && entry.directory().matches("[0-9a-z][0-9a-z-]*"),
          entry,
          "lies in the directory " + entry.directory());
      partitions(entry);
    }
  }

  private static void partitions(CollectionEntry entry) {
    Map<Integer, FingerprintSum> sums = new HashMap<>();
    Set<String> names = new HashSet<>();
    for (PartitionEntry partition : entry.partitions()) {
      require(
          sums.put(partition.number(), new FingerprintSum()) == null && names.add(partition.name()),
          entry,
          "has the partition %d '%s' twice".formatted(partition.number(), partition.name()));
    }
    Set<String> paths = new HashSet<>();
    FingerprintSum total = new FingerprintSum();
    for (PartEntry part : entry.parts()) {
      FingerprintSum sum = sums.get(part.partition());
      if (sum == null) {
        throw new IllegalArgumentException(
            "part %s is of partition %d, which is not listed"
                .formatted(part.path(), part.partition()));
      }
      String home = "%s/%s/".formatted(ArchiveLayout.DATA, entry.directory());
      require(part.path().startsWith(home), entry, "has a part elsewhere: " + part.path());
      require(paths.add(part.path()), entry, "has the part %s twice".formatted(part.path()));
      sum.add(part.fingerprint());
      total.add(part.fingerprint());
    }
    for (PartitionEntry partition : entry.partitions()) {
      Fingerprint sum = java.util.Objects.requireNonNull(sums.get(partition.number())).value();
      require(
          partition.fingerprint().equals(sum),
          entry,
          "has parts that do not add up to partition '%s'".formatted(partition.name()));
    }
    require(
        entry.fingerprint().equals(total.value()),
        entry,
        "has parts that do not add up to its fingerprint");
  }

  private static void require(boolean holds, CollectionEntry entry, String problem) {
    if (!holds) {
      throw new IllegalArgumentException("collection %s %s".formatted(entry.name(), problem));
    }
  }
}
