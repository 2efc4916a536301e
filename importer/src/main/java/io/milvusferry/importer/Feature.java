package io.milvusferry.importer;

import io.milvusferry.manifest.CollectionDescription;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * One thing that a collection wants of a server beyond a key.
 *
 * @param path as the difference report names it
 * @param more paths of what goes with it
 * @param what it is, such as {@code the default value of field tag}
 * @param add asks for it as well; leaves a description alone that lacks what it belongs to
 * @param substitutes what is asked for instead where the server refuses it, the nearest first
 * @param without what is done where the server refuses all of them; empty where rows would be lost
 */
record Feature(
    String path,
    List<String> more,
    String what,
    UnaryOperator<CollectionDescription> add,
    List<Substitute> substitutes,
    Supplier<Optional<String>> without) {

  /**
   * The next best.
   *
   * @param add asks for it as well
   * @param instead what it is, for a {@link Deviation}
   */
  record Substitute(UnaryOperator<CollectionDescription> add, String instead) {}

  /** One that the collection cannot do without. */
  static Feature needed(String path, String what, UnaryOperator<CollectionDescription> add) {
    return new Feature(path, List.of(), what, add, List.of(), Optional::empty);
  }

  /** One that is left out where the server refuses it. */
  static Feature wanted(
      String path, String what, UnaryOperator<CollectionDescription> add, String without) {
    return new Feature(path, List.of(), what, add, List.of(), () -> Optional.of(without));
  }
}
