package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.schema.Type;

/** One member of the structs of an array, which has one leaf column. */
interface StructMember {
  static StructMember of(FieldSpec member) {
    return member.type().isDenseVector() ? new VectorMember(member) : new ScalarMember(member);
  }

  /** The member's type inside of the struct. */
  Type type();

  /** Path of the leaf inside of the struct. */
  String leaf();

  /**
   * Writes the value of one struct.
   *
   * @param repetition 0 for the first struct of a row, 1 for each further one
   */
  void write(Column values, int struct, int repetition, ColumnWriter out);

  Reader reader(ColumnReader in, LevelReader levels);

  /** Reads the values of the structs of row after row. */
  abstract class Reader {
    final LevelReader levels;
    int bytes;

    Reader(LevelReader levels) {
      this.levels = levels;
    }

    /**
     * Appends the values of the next row, and returns how many there are.
     *
     * @throws DamagedPartException when there is no such row
     */
    final int readRow() {
      bytes = 0;
      levels.startRow();
      if (levels.emptyList()) {
        if (levels.next()) {
          throw levels.damage("has a struct after an empty array");
        }
        return 0;
      }
      int structs = 0;
      do {
        if (structs++ == ArrayFieldCodec.MAX_CAPACITY) {
          throw levels.damage(
              "has an array of more than %d structs".formatted(ArrayFieldCodec.MAX_CAPACITY));
        }
        bytes += readValue();
      } while (levels.repeats(1));
      return structs;
    }

    /** Bytes that the values of the last row take. */
    final int bytes() {
      return bytes;
    }

    /** Appends the value of one struct, steps past it, and returns the bytes that it takes. */
    abstract int readValue();

    /** The values since the last call as a column. */
    abstract Column take();

    final boolean atEnd() {
      return levels.atEnd();
    }
  }
}
