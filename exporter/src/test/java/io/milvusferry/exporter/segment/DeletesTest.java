package io.milvusferry.exporter.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import io.milvusferry.record.Key;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeletesTest {
  private static final long MOMENT = 500;
  private static final FieldSpec NUMBER =
      FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(false);
  private static final FieldSpec TEXT =
      FieldSpec.of("id", FieldType.VARCHAR, Map.of("max_length", "100")).asPrimaryKey(false);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {7, 64, DeleteCollector.MOST})
  void findTheNewestOfEachKeyHoweverManyRunsThereAre(int most) throws IOException {
    Random random = new Random(20_261_201);
    SortedMap<Key, Long> expected = new TreeMap<>();
    DeleteCollector collector = new DeleteCollector(NUMBER, MOMENT, directory, most);
    for (int i = 0; i < 1000; i++) {
      long key = random.nextLong(-100, 100);
      long moment = random.nextLong(1, 1001);
      collector.add(texts("{\"pk\":%d,\"ts\":%d,\"pkType\":5}".formatted(key, moment)));
      if (moment <= MOMENT) {
        expected.merge(new Key.Int64(key), moment, Math::max);
      }
    }
    assertThat(collector.hasYounger()).isTrue();
    try (Deletes deletes = collector.done()) {
      for (long key = -120; key < 120; key++) {
        assertThat(deletes.newest(Keys.of(new Key.Int64(key)), 0))
            .isEqualTo(expected.getOrDefault(new Key.Int64(key), 0L));
      }
    }
    try (var left = Files.list(directory)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void compareTextsByTheirBytes() throws IOException {
    DeleteCollector collector = new DeleteCollector(TEXT, MOMENT, directory, 2);
    for (String key : List.of("😀", "é", "a\\\"b", "")) {
      collector.add(
          texts(
              "{\"pk\":%s,\"ts\":9,\"pkType\":21}"
                  .formatted(new com.google.gson.Gson().toJson(key))));
    }
    try (Deletes deletes = collector.done()) {
      for (String key : List.of("", "a", "a\\\"b", "b", "é", "😀")) {
        assertThat(deletes.newest(Keys.of(new Key.Varchar(key)), 0))
            .isEqualTo(key.equals("a") || key.equals("b") ? 0 : 9);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "2,470", "{\"pk\":2}", "{\"pk\":\"x\",\"ts\":1}", "{\"pk\":2,\"ts\":1"})
  void refuseWhatIsNoDelete(String text) {
    DeleteCollector collector = new DeleteCollector(NUMBER, MOMENT, directory, 10);
    assertThatThrownBy(() -> collector.add(texts(text))).isInstanceOf(IOException.class);
  }

  private static Column.Bytes texts(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Column.Bytes(new int[] {0, bytes.length}, bytes);
  }
}
