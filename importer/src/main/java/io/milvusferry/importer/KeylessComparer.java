package io.milvusferry.importer;

import io.milvusferry.digest.Fingerprint;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.RowFingerprint;
import io.milvusferry.record.RowSource;
import io.milvusferry.record.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares rows whose keys the target made: for each partition, the fingerprints of all rows
 * without their key.
 */
final class KeylessComparer {
  private KeylessComparer() {}

  static Proof compare(RowSource archive, RowSource target) {
    List<FieldSpec> fields =
        archive.schema().rowFields().stream().filter(field -> !field.primaryKey()).toList();
    List<String> findings = new ArrayList<>();
    long rows = 0;
    for (String partition : archive.partitions()) {
      Fingerprint expected = fingerprint(archive, partition, fields);
      Fingerprint actual = fingerprint(target, partition, fields);
      rows += expected.rows();
      if (expected.rows() != actual.rows()) {
        findings.add(
            "partition '%s' has %d rows instead of %d"
                .formatted(partition, actual.rows(), expected.rows()));
      } else if (!expected.equals(actual)) {
        findings.add(
            "partition '%s' has %d rows, but not the same ones"
                .formatted(partition, actual.rows()));
      }
    }
    return findings.isEmpty()
        ? new Proof.Equal(rows, true)
        : new Proof.Different(
            "rows differ without regard to their keys in %d partitions".formatted(findings.size()),
            findings);
  }

  private static Fingerprint fingerprint(
      RowSource source, String partition, List<FieldSpec> fields) {
    Set<String> names = fields.stream().map(FieldSpec::name).collect(Collectors.toSet());
    RowFingerprint sum = new RowFingerprint(fields);
    for (Slice slice : source.slices(1)) {
      if (!slice.partition().equals(partition)) {
        continue;
      }
      try (BatchCursor cursor = source.scan(slice, names)) {
        RecordBatch batch = cursor.next();
        while (batch != null) {
          sum.add(batch);
          batch = cursor.next();
        }
      }
    }
    return sum.total();
  }
}
