package io.milvusferry.parquet;

import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part and the keys that it spans.
 *
 * @param min its smallest key
 * @param max its greatest key
 */
record PartSpan(Path file, long rows, Key min, Key max) {
  static PartSpan of(PartEntry part, ArchiveLayout layout, FieldSpec key) {
    return new PartSpan(
        layout.resolve(part.path()),
        part.rows(),
        Key.parse(key, part.minKey()),
        Key.parse(key, part.maxKey()));
  }

  /**
   * Key ranges of about {@code rows} rows that together hold every key, cut where no part spans the
   * cut.
   *
   * @param spans sorted by their smallest key
   */
  static List<KeyRange> cut(List<PartSpan> spans, long rows) {
    List<KeyRange> ranges = new ArrayList<>();
    Key from = null;
    Key reached = null;
    long gathered = 0;
    for (PartSpan span : spans) {
      boolean apart = reached != null && reached.compareTo(span.min) < 0;
      if (apart && gathered >= rows) {
        ranges.add(new KeyRange(from, span.min));
        from = span.min;
        gathered = 0;
      }
      gathered += span.rows;
      reached = reached == null || reached.compareTo(span.max) < 0 ? span.max : reached;
    }
    ranges.add(new KeyRange(from, null));
    return ranges;
  }

  /**
   * The parts with keys in the range, as few chains as can be: within a chain each part ends before
   * the next begins.
   *
   * @param spans sorted by their smallest key
   */
  static List<List<PartSpan>> chains(List<PartSpan> spans, KeyRange range) {
    List<List<PartSpan>> chains = new ArrayList<>();
    for (PartSpan span : spans) {
      if (span.touches(range)) {
        List<PartSpan> chain = endingBefore(chains, span.min);
        if (chain == null) {
          chain = new ArrayList<>();
          chains.add(chain);
        }
        chain.add(span);
      }
    }
    return chains;
  }

  /** Whether all keys lie in the range. */
  boolean inside(KeyRange range) {
    return range.contains(min) && range.contains(max);
  }

  private boolean touches(KeyRange range) {
    return (range.from() == null || max.compareTo(range.from()) >= 0)
        && (range.below() == null || min.compareTo(range.below()) < 0);
  }

  private static @Nullable List<PartSpan> endingBefore(List<List<PartSpan>> chains, Key key) {
    for (List<PartSpan> chain : chains) {
      if (chain.get(chain.size() - 1).max.compareTo(key) < 0) {
        return chain;
      }
    }
    return null;
  }
}
