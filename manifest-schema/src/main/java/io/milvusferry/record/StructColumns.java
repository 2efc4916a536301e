package io.milvusferry.record;

import io.milvusferry.manifest.FieldSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Arrays of structs with their members in the order in which rows are digested: by name. */
final class StructColumns {
  private StructColumns() {}

  /** The field with its members by name; any other field as it is. */
  static FieldSpec byName(FieldSpec field) {
    return field.members().isEmpty()
        ? field
        : field.withMembers(field.members().stream().sorted(RowEncoder.ORDER).toList());
  }

  /**
   * The column with its members by name.
   *
   * @param field of which the column is
   */
  static Column.Structs byName(FieldSpec field, Column.Structs column) {
    List<Column> members = new ArrayList<>();
    for (FieldSpec member : byName(field).members()) {
      members.add(column.members().get(field.members().indexOf(member)));
    }
    return new Column.Structs(column.offsets(), members);
  }

  /** Whether the column has a value of the right kind for each member, in this order. */
  static boolean hold(FieldSpec field, Column.Structs column) {
    return field.members().size() == column.members().size()
        && IntStream.range(0, column.members().size())
            .allMatch(
                i -> {
                  FieldSpec member = field.members().get(i);
                  return RowEncoder.holds(member.type(), member, column.members().get(i));
                });
  }

  /** All structs of all rows, as rows of their members. */
  static RecordBatch elements(FieldSpec field, Column.Structs column) {
    return new RecordBatch(
        field.members(), column.members(), column.offsets()[column.offsets().length - 1]);
  }
}
