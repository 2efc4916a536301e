package io.milvusferry.importer;

import io.milvusferry.importer.Feature.Substitute;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.IndexSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** What an index wants of a server. */
final class IndexFeature {
  private IndexFeature() {}

  /** An index; another one in its place, or none where the field needs none. */
  static Feature of(CollectionDescription wanted, IndexSpec index) {
    Optional<FieldSpec> field =
        wanted.schema().indexable().stream()
            .filter(each -> each.name().equals(index.field()))
            .findFirst();
    boolean vector = field.filter(each -> each.type().isVector()).isPresent();
    List<Substitute> others = new ArrayList<>();
    for (String type : substitutes(field, vector)) {
      others.add(
          new Substitute(
              with(
                  new IndexSpec(
                      index.field(), index.name(), type, index.metric(), new TreeMap<>())),
              type.isEmpty() ? "the server chooses one" : "it is " + type));
    }
    return new Feature(
        "indexes." + index.field(),
        List.of(),
        "index %s of field %s".formatted(index.type(), index.field()),
        with(index),
        others,
        () -> vector ? Optional.empty() : Optional.of("the field has no index"));
  }

  private static List<String> substitutes(Optional<FieldSpec> field, boolean vector) {
    if (!vector) {
      return List.of("", "INVERTED");
    }
    if (field.orElseThrow().isInside()) {
      return List.of("AUTOINDEX", "HNSW");
    }
    return switch (field.orElseThrow().type()) {
      case BINARY_VECTOR -> List.of("AUTOINDEX", "BIN_FLAT");
      case SPARSE_FLOAT_VECTOR -> List.of("AUTOINDEX", "SPARSE_INVERTED_INDEX");
      default -> List.of("AUTOINDEX", "FLAT");
    };
  }

  /** Asks for an index, where its field is. */
  private static UnaryOperator<CollectionDescription> with(IndexSpec index) {
    return description -> {
      boolean there =
          description.schema().indexable().stream()
              .anyMatch(field -> field.name().equals(index.field()));
      List<IndexSpec> indexes = new ArrayList<>(description.indexes());
      indexes.add(index);
      return there || index.field().startsWith(FieldSpec.DYNAMIC)
          ? description.withIndexes(indexes)
          : description;
    };
  }
}
