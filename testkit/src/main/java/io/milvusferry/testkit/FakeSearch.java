package io.milvusferry.testkit;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Searches that look at every row: by the squared distance, or by bits that differ. */
final class FakeSearch {
  private record Hit(Key key, double distance) {}

  private FakeSearch() {}

  /** Keys of the nearest rows, nearest first, ties by key. */
  static List<Key> nearest(
      FakeCollection collection, String field, RecordBatch batch, int row, int limit) {
    @Nullable RecordBatch all = collection.page("", KeyRange.ALL, Integer.MAX_VALUE);
    if (all == null) {
      return List.of();
    }
    boolean floats = typeOf(field, all) == FieldType.FLOAT_VECTOR;
    Column.Vectors rows = (Column.Vectors) all.column(field);
    Column.Vectors wanted = (Column.Vectors) batch.column(field);
    return IntStream.range(0, all.rows())
        .mapToObj(
            i ->
                new Hit(
                    all.key(i),
                    floats ? squared(rows, i, wanted, row) : bits(rows, i, wanted, row)))
        .sorted(
            (one, other) ->
                one.distance() != other.distance()
                    ? Double.compare(one.distance(), other.distance())
                    : one.key().compareTo(other.key()))
        .limit(limit)
        .map(Hit::key)
        .toList();
  }

  private static FieldType typeOf(String field, RecordBatch batch) {
    return batch.fields().stream()
        .filter(spec -> spec.name().equals(field))
        .map(FieldSpec::type)
        .findFirst()
        .orElseThrow();
  }

  private static double squared(Column.Vectors left, int row, Column.Vectors right, int other) {
    var one = left.bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    var two = right.bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    double sum = 0;
    for (int at = 0; at < left.bytesPerRow(); at += Float.BYTES) {
      double difference =
          (double) one.getFloat(row * left.bytesPerRow() + at)
              - two.getFloat(other * right.bytesPerRow() + at);
      sum += difference * difference;
    }
    return sum;
  }

  private static double bits(Column.Vectors left, int row, Column.Vectors right, int other) {
    int sum = 0;
    for (int at = 0; at < left.bytesPerRow(); at++) {
      int difference =
          left.bytes().get(row * left.bytesPerRow() + at)
              ^ right.bytes().get(other * right.bytesPerRow() + at);
      sum += Integer.bitCount(difference & 0xFF);
    }
    return sum;
  }
}
