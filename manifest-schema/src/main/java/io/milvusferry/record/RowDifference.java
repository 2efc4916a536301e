package io.milvusferry.record;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * In which fields two rows differ.
 *
 * @param fields names of the fields, in the order of the row's bytes; empty for equal rows
 * @param expected the value of the first of them in the expected row, shortened for people
 * @param actual the same of the actual row
 */
public record RowDifference(List<String> fields, String expected, String actual) {
  public RowDifference {
    fields = List.copyOf(fields);
  }

  /**
   * Compares a row of one batch with a row of another, field by field.
   *
   * @param compared the fields that count; both batches carry them
   */
  public static RowDifference between(
      List<FieldSpec> compared,
      RecordBatch expected,
      int expectedRow,
      RecordBatch actual,
      int actualRow) {
    RowEncoder left = new RowEncoder(compared);
    RowEncoder right = new RowEncoder(compared);
    left.open(expected);
    right.open(actual);
    byte[] leftBytes = left.encode(expectedRow).array();
    byte[] rightBytes = right.encode(actualRow).array();
    List<String> names = new ArrayList<>();
    String expectedText = "";
    String actualText = "";
    for (int i = 0; i < left.fields().size(); i++) {
      if (!Arrays.equals(
          leftBytes,
          left.start(i),
          left.start(i + 1),
          rightBytes,
          right.start(i),
          right.start(i + 1))) {
        String name = left.fields().get(i).name();
        if (names.isEmpty()) {
          FieldType type = left.fields().get(i).type();
          Column one = expected.column(name);
          Column other = actual.column(name);
          if (one instanceof Column.Structs structs && other instanceof Column.Structs others) {
            RowDifference inside =
                StructDifference.between(
                    StructColumns.elements(expected.field(name), structs),
                    structs,
                    expectedRow,
                    StructColumns.elements(actual.field(name), others),
                    others,
                    actualRow);
            expectedText = inside.expected();
            actualText = inside.actual();
          } else {
            expectedText = ValueText.of(type, one, expectedRow, other, actualRow);
            actualText = ValueText.of(type, other, actualRow, one, expectedRow);
          }
        }
        names.add(name);
      }
    }
    return new RowDifference(names, expectedText, actualText);
  }
}
