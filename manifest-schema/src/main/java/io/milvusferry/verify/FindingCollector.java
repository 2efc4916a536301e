package io.milvusferry.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Counts findings about rows, keeps the first of them and passes the others on. One thread. */
final class FindingCollector {
  private final int max;
  private final Consumer<RowFinding> rest;
  private final List<RowFinding> listed = new ArrayList<>();
  private long missing;
  private long extra;
  private long changed;

  FindingCollector(int max, Consumer<RowFinding> rest) {
    this.max = max;
    this.rest = rest;
  }

  void missing(RowFinding finding) {
    missing++;
    list(finding);
  }

  void extra(RowFinding finding) {
    extra++;
    list(finding);
  }

  void changed(RowFinding finding) {
    changed++;
    list(finding);
  }

  /** A difference of a whole partition: so many rows too few, too many, or other ones. */
  void content(RowFinding finding, long rowsTooFew) {
    missing += Math.max(0, rowsTooFew);
    extra += Math.max(0, -rowsTooFew);
    changed += rowsTooFew == 0 ? 1 : 0;
    list(finding);
  }

  long count() {
    return missing + extra + changed;
  }

  long missing() {
    return missing;
  }

  long extra() {
    return extra;
  }

  long changed() {
    return changed;
  }

  List<RowFinding> listed() {
    return listed;
  }

  private void list(RowFinding finding) {
    if (listed.size() < max) {
      listed.add(finding);
    } else {
      rest.accept(finding);
    }
  }
}
