package io.milvusferry.parity;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Searches over one indexed field whose results are known.
 *
 * @param field the field, a vector or what a function computes
 * @param metric of its index at the source
 * @param index type of its index at the source
 * @param limit neighbours of each query
 * @param queries in the order of the file
 */
public record SampledSearch(
    String field, String metric, String index, int limit, List<Query> queries) {
  public SampledSearch {
    queries = List.copyOf(queries);
  }

  /**
   * One query: the vector of a row, or the text that a function reads.
   *
   * @param key key of that row, as manifests write it
   * @param value bytes of its vector as a column holds them, or of the text in UTF-8
   * @param exact keys of the nearest rows by every row's distance, more than the limit where some
   *     tie with the last one; empty where the distance is not computed outside of a server
   * @param answered keys that the source's index answered
   */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  public record Query(String key, byte[] value, List<String> exact, List<String> answered) {
    public Query {
      exact = List.copyOf(exact);
      answered = List.copyOf(answered);
    }

    /** What an answer is held against. */
    List<String> expected() {
      return exact.isEmpty() ? answered : exact;
    }
  }

  /** The bytes of a vector, or of a text, that is not null. */
  public static byte[] value(Column column, int row) {
    if (column.filled() instanceof Column.Bytes texts) {
      return texts.get(row);
    }
    Column.Vectors vectors = (Column.Vectors) column.filled();
    byte[] bytes = new byte[vectors.bytesPerRow()];
    vectors.bytes().get(row * bytes.length, bytes);
    return bytes;
  }

  /**
   * The values of all queries, for a search.
   *
   * @param held the field that holds them: {@link #field}, or what its function reads
   */
  public RecordBatch batch(FieldSpec held) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int[] offsets = new int[queries.size() + 1];
    for (int i = 0; i < queries.size(); i++) {
      all.writeBytes(queries.get(i).value());
      offsets[i + 1] = all.size();
    }
    Column column =
        held.type().isDenseVector()
            ? new Column.Vectors(held.vectorBytes(), ByteBuffer.wrap(all.toByteArray()))
            : new Column.Bytes(offsets, all.toByteArray());
    return new RecordBatch(List.of(held), List.of(column), queries.size());
  }

  /**
   * The share of expected neighbours among those that the source's index answered; empty where it
   * was not asked.
   */
  public OptionalDouble sourceOverlap() {
    return queries.stream().allMatch(query -> query.answered().isEmpty())
        ? OptionalDouble.empty()
        : OptionalDouble.of(overlap(queries.stream().map(Query::answered).toList()));
  }

  /**
   * The share of expected neighbours among answers to the queries, from 0 to 1; 1 without queries.
   *
   * @param answers keys for each query, as text
   */
  public double overlap(List<List<String>> answers) {
    long found = 0;
    long wanted = 0;
    for (int i = 0; i < queries.size(); i++) {
      List<String> expected = queries.get(i).expected();
      Set<String> known = new HashSet<>(expected);
      int most = Math.min(limit, expected.size());
      found += Math.min(most, answers.get(i).stream().limit(limit).filter(known::contains).count());
      wanted += most;
    }
    return wanted == 0 ? 1 : (double) found / wanted;
  }
}
