package io.milvusferry.importer;

import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** In what a collection of the target is another one than it would have to be. */
final class SchemaDifferences {
  private SchemaDifferences() {}

  /**
   * One short phrase for each difference that decides which rows a collection can hold; names,
   * descriptions, field ids, properties and indexes are none.
   */
  static List<String> between(CollectionDescription wanted, CollectionDescription found) {
    List<String> differences = new ArrayList<>();
    CollectionSchema expected = wanted.schema();
    CollectionSchema actual = found.schema();
    note(
        differences,
        "dynamic field",
        onOff(expected.enableDynamicField()),
        onOff(actual.enableDynamicField()));
    if (expected.partitionKey().isPresent() && actual.partitionKey().isPresent()) {
      note(differences, "partition count", wanted.partitionCount(), found.partitionCount());
    }
    for (FieldSpec field : expected.fields()) {
      Optional<FieldSpec> other = named(actual, field.name());
      if (other.isEmpty()) {
        differences.add("field " + field.name() + " is missing");
      } else {
        compare(differences, field, other.get());
      }
    }
    for (FieldSpec field : actual.fields()) {
      if (named(expected, field.name()).isEmpty()) {
        differences.add("field " + field.name() + " is not in the archive");
      }
    }
    return differences;
  }

  private static void compare(List<String> differences, FieldSpec wanted, FieldSpec found) {
    String field = "field " + wanted.name() + " ";
    note(differences, field + "type", wanted.typeText(), found.typeText());
    note(differences, field + "primary key", wanted.primaryKey(), found.primaryKey());
    note(differences, field + "autoID", onOff(wanted.autoId()), onOff(found.autoId()));
    note(differences, field + "partition key", wanted.partitionKey(), found.partitionKey());
    note(differences, field + "nullable", wanted.nullable(), found.nullable());
    note(differences, field + "default", wanted.defaultValue(), found.defaultValue());
    note(differences, field + "function output", wanted.functionOutput(), found.functionOutput());
    note(differences, field + "parameters", wanted.typeParams(), found.typeParams());
    for (FieldSpec member : wanted.members()) {
      found.members().stream()
          .filter(other -> other.name().equals(member.name()))
          .forEach(other -> compare(differences, member.inside(wanted), other.inside(found)));
    }
  }

  private static void note(
      List<String> differences,
      String what,
      @org.jspecify.annotations.Nullable Object wanted,
      @org.jspecify.annotations.Nullable Object found) {
    if (!Objects.equals(wanted, found)) {
      differences.add("%s is %s instead of %s".formatted(what, found, wanted));
    }
  }

  private static Optional<FieldSpec> named(CollectionSchema schema, String name) {
    return schema.fields().stream().filter(field -> field.name().equals(name)).findFirst();
  }

  private static String onOff(boolean value) {
    return value ? "on" : "off";
  }
}
