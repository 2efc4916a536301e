package io.milvusferry.record;

import java.util.List;

/** In which struct, and in which member of it, the arrays of structs of two rows differ. */
final class StructDifference {
  private StructDifference() {}

  /**
   * The first difference, by struct and then by member, such as {@code [2].name: 'a'}; nothing if
   * there is none.
   *
   * @param left the structs of all rows of one batch, whose members are compared
   * @param right the same of the other batch
   */
  static RowDifference between(
      RecordBatch left,
      Column.Structs expected,
      int expectedRow,
      RecordBatch right,
      Column.Structs actual,
      int actualRow) {
    int structs = expected.length(expectedRow);
    if (structs != actual.length(actualRow)) {
      return new RowDifference(
          List.of(), structs + " structs", actual.length(actualRow) + " structs");
    }
    int from = expected.offsets()[expectedRow];
    int otherFrom = actual.offsets()[actualRow];
    for (int i = 0; i < structs; i++) {
      RowDifference found =
          RowDifference.between(left.fields(), left, from + i, right, otherFrom + i);
      if (!found.fields().isEmpty()) {
        String place = "[%d].%s: ".formatted(i, found.fields().get(0));
        return new RowDifference(found.fields(), place + found.expected(), place + found.actual());
      }
    }
    return new RowDifference(List.of(), "", "");
  }
}
