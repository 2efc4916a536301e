package io.milvusferry.importer;

import java.util.List;

/** Whether a target collection was shown to hold the rows of the archive. */
public sealed interface Proof {
  /** Whether the rows were read back and are the same. */
  default boolean proven() {
    return false;
  }

  /** One line for people, without a full stop. */
  String summary();

  /** How sampled searches were answered; empty where none was put. */
  default List<SearchOverlap> searches() {
    return List.of();
  }

  /** What differs, one sentence each; empty if nothing was found to differ. */
  default List<String> findings() {
    return List.of();
  }

  /**
   * Every row was read back and is the same.
   *
   * @param searches how sampled searches were answered
   * @param withoutKeys the keys are new ones, so that rows were compared without them
   */
  record Equal(long rows, boolean withoutKeys, List<SearchOverlap> searches) implements Proof {
    public Equal {
      searches = List.copyOf(searches);
    }

    Equal(long rows, boolean withoutKeys) {
      this(rows, withoutKeys, List.of());
    }

    /**
     * The same with what searches found. An index that looks at every vector must find all
     * neighbours; if it does not, the target is not the same after all.
     */
    Proof with(List<SearchOverlap> found) {
      List<String> wrong =
          found.stream()
              .filter(overlap -> overlap.mustAgree() && overlap.exact() && overlap.target() < 1)
              .map(SearchOverlap::summary)
              .toList();
      return wrong.isEmpty()
          ? new Equal(rows, withoutKeys, found)
          : new Different("rows are the same, but an exact search answers others", wrong);
    }

    @Override
    public boolean proven() {
      return true;
    }

    @Override
    public String summary() {
      return "%d rows are the same%s".formatted(rows, withoutKeys ? " but for their keys" : "");
    }
  }

  /** Rows were read back and are not the same. */
  record Different(String summary, List<String> findings) implements Proof {
    public Different {
      findings = List.copyOf(findings);
    }
  }

  /** Nothing was shown. */
  record NotProven(String reason) implements Proof {
    @Override
    public String summary() {
      return "not proven: " + reason;
    }
  }
}
