package io.milvusferry.connector;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.NameFilter;
import java.util.List;
import java.util.stream.Collectors;

/** The collections that a server has, in all of its databases. */
public final class ServerCollections {
  private static final int NAMED_IN_A_HINT = 10;

  private ServerCollections() {}

  /** All of them, sorted by name. */
  public static List<CollectionName> all(MilvusServer server) {
    return server.databases().stream()
        .flatMap(database -> server.collections(database).stream())
        .sorted()
        .toList();
  }

  /**
   * Those that are selected of a source, sorted by name.
   *
   * @throws FerryException {@code NOTHING_SELECTED} if there are none
   */
  public static List<CollectionName> selected(MilvusServer source, NameFilter selection) {
    List<CollectionName> all = all(source);
    List<CollectionName> selected = all.stream().filter(selection::selects).toList();
    if (selected.isEmpty()) {
      throw new FerryException(
          ErrorCode.NOTHING_SELECTED,
          all.isEmpty()
              ? "the source has no collections"
              : "none of the %d collections of the source is selected by %s"
                  .formatted(all.size(), selection),
          all.isEmpty()
              ? "Check the address, and that its user may see the collections."
              : "Correct --only and --skip; there are " + named(all),
          null);
    }
    return selected;
  }

  private static String named(List<CollectionName> all) {
    int unnamed = all.size() - NAMED_IN_A_HINT;
    return all.stream()
        .limit(NAMED_IN_A_HINT)
        .map(CollectionName::toString)
        .collect(
            Collectors.joining(", ", "", unnamed > 0 ? " and %d more.".formatted(unnamed) : "."));
  }
}
