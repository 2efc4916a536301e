package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** An array of structs, as a list of groups that have a value for every member. */
final class StructArrayCodec extends ValueCodec {
  /** Definition level of a struct that is there; without one it is 0. */
  static final int STRUCT = 1;

  private final List<StructMember> members;

  StructArrayCodec(FieldSpec field) {
    super(field);
    members = field.members().stream().map(StructMember::of).toList();
  }

  @Override
  Type type() {
    Types.GroupBuilder<org.apache.parquet.schema.GroupType> struct = Types.requiredGroup();
    members.forEach(member -> struct.addField(member.type()));
    return listOf(struct.named("element"));
  }

  @Override
  List<String> leaves() {
    return members.stream()
        .map(member -> "%s.list.element.%s".formatted(field.name(), member.leaf()))
        .toList();
  }

  @Override
  List<FieldSpec> held() {
    return field.members();
  }

  @Override
  void writeValue(Column column, int row, List<ColumnWriter> out) {
    Column.Structs structs = (Column.Structs) column;
    int from = structs.offsets()[row];
    int to = structs.offsets()[row + 1];
    if (to - from > ArrayFieldCodec.MAX_CAPACITY) {
      throw new IllegalArgumentException(
          "field %s has an array of %d structs".formatted(field.name(), to - from));
    }
    if (structs.members().size() != members.size()) {
      throw new IllegalArgumentException(
          "field %s has structs of %d members, not %d"
              .formatted(field.name(), structs.members().size(), members.size()));
    }
    for (int i = 0; i < members.size(); i++) {
      Column values = structs.members().get(i);
      if (from == to) {
        out.get(i).writeNull(0, STRUCT - 1);
      }
      for (int j = from; j < to; j++) {
        requireUtf8(values, j);
        members.get(i).write(values, j, j == from ? 0 : 1, out.get(i));
      }
    }
  }

  @Override
  FieldReader reader(List<ColumnReader> in, List<Long> values) {
    return new Reader(in, values);
  }

  private final class Reader implements FieldReader {
    private final List<StructMember.Reader> readers = new ArrayList<>();
    private int[] offsets = new int[256];
    private int rows;

    Reader(List<ColumnReader> in, List<Long> values) {
      for (int i = 0; i < members.size(); i++) {
        LevelReader levels =
            new LevelReader(StructArrayCodec.this, in.get(i), values.get(i), STRUCT);
        readers.add(members.get(i).reader(in.get(i), levels));
      }
    }

    @Override
    public int readRow() {
      int bytes = Integer.BYTES;
      int structs = readers.get(0).readRow();
      bytes += readers.get(0).bytes();
      for (int i = 1; i < readers.size(); i++) {
        int others = readers.get(i).readRow();
        bytes += readers.get(i).bytes();
        if (others != structs) {
          throw new DamagedPartException(
              "has %d values of %s but %d of %s"
                  .formatted(
                      structs,
                      field.members().get(0).name(),
                      others,
                      field.members().get(i).name()));
        }
      }
      if (rows + 1 == offsets.length) {
        offsets = Arrays.copyOf(offsets, offsets.length * 2);
      }
      offsets[rows + 1] = Math.addExact(offsets[rows], structs);
      rows++;
      return bytes;
    }

    @Override
    public Column take() {
      Column column =
          new Column.Structs(
              Arrays.copyOf(offsets, rows + 1),
              readers.stream().map(StructMember.Reader::take).toList());
      rows = 0;
      return column;
    }

    @Override
    public boolean atEnd() {
      return IntStream.range(0, readers.size()).allMatch(i -> readers.get(i).atEnd());
    }
  }
}
