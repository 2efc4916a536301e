package io.milvusferry.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {
  private final CanonicalJson json = new CanonicalJson();

  @Test
  void nestingCostsNoStack() {
    int depth = 1_000_000;
    String arrays = "[".repeat(depth) + "]".repeat(depth);
    assertThat(canonical(arrays)).isEqualTo(arrays);
    String objects = "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000);
    assertThat(canonical(objects)).isEqualTo(objects.replace("1", "1e0"));
    assertThat(canonical("[".repeat(depth))).isNull();
  }

  @Test
  void hugeExponentsCostNoMemory() {
    assertThat(canonical("1e1000000000")).isEqualTo("1e1000000000");
    assertThat(canonical("12.50E-1000000000000000000000")).isEqualTo("125e-1000000000000000000001");
    assertThat(canonical("1e-0")).isEqualTo("1e0");
    assertThat(canonical("1e+007")).isEqualTo("1e7");
  }

  @Test
  void numbersOfTheSameValueHaveOneForm() {
    for (String same : List.of("1500", "1500.0", "1.5e3", "15E2", "0.0015e6", "150000e-2")) {
      assertThat(canonical(same)).as(same).isEqualTo("15e2");
    }
    assertThat(canonical("9007199254740993")).isNotEqualTo(canonical("9007199254740992"));
    assertThat(canonical("-0.0")).isEqualTo("0");
  }

  @Test
  void refusesEveryTruncationOfAnObject() {
    String whole = "{\"a\": [1.5e3, \"x\\u00e9\\ud83d\\ude00\", true, null, {\"b\": false}]}";
    assertThat(canonical(whole)).isNotNull();
    for (int length = 0; length < whole.length(); length++) {
      assertThat(canonical(whole.substring(0, length))).as("length %d", length).isNull();
    }
  }

  @Test
  void leavesTheBufferAloneWhenItRefuses() {
    RowBytes out = new RowBytes();
    out.putByte(7);
    byte[] text = "{\"a\":1,\"a\":2}".getBytes(StandardCharsets.UTF_8);
    assertThat(json.write(text, 0, text.length, out)).isFalse();
    assertThat(out.length()).isEqualTo(1);
  }

  @Test
  void ordersMembersAsUtf16DoesForRandomKeys() {
    Random random = new Random(71);
    for (int round = 0; round < 300; round++) {
      List<String> keys = new ArrayList<>();
      for (int i = random.nextInt(40); i >= 0; i--) {
        String key = key(random);
        if (!keys.contains(key)) {
          keys.add(key);
        }
      }
      String text = object(keys);
      Collections.sort(keys); // String orders by UTF-16 code units
      assertThat(canonical(text)).as(text).isEqualTo(object(keys));
      keys.add(keys.get(random.nextInt(keys.size())));
      Collections.shuffle(keys, random);
      assertThat(canonical(object(keys))).as("a key twice").isNull();
    }
  }

  @Test
  void isItsOwnCanonicalForm() {
    Random random = new Random(72);
    for (int round = 0; round < 500; round++) {
      String once = canonical(value(random, 4));
      assertThat(once).isNotNull();
      assertThat(canonical(String.valueOf(once))).isEqualTo(once);
    }
  }

  private static String object(List<String> keys) {
    return keys.stream()
        .map(key -> "\"" + key + "\":true")
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String key(Random random) {
    int[] alphabet = {
      'a', 'b', 0x7f, 0xe9, 0x7ff, 0x20ac, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff
    };
    StringBuilder key = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      key.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
    }
    return key.toString();
  }

  private static String value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 6 : 4)) {
      case 0 -> "\"\\u00" + (random.nextBoolean() ? "1f" : "e9") + key(random) + "\\/\"";
      case 1 ->
          "%d.%02de%d"
              .formatted(random.nextInt(2000) - 1000, random.nextInt(100), random.nextInt(9) - 4);
      case 2 -> Long.toString(random.nextLong());
      case 3 -> random.nextBoolean() ? " null " : "\ttrue\n";
      case 4 -> "[" + value(random, depth - 1) + " , " + value(random, depth - 1) + "]";
      default ->
          "{\"b\":" + value(random, depth - 1) + ", \"a\" :" + value(random, depth - 1) + "}";
    };
  }

  private @org.jspecify.annotations.Nullable String canonical(String text) {
    RowBytes out = new RowBytes();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return json.write(bytes, 0, bytes.length, out)
        ? new String(out.array(), 0, out.length(), StandardCharsets.UTF_8)
        : null;
  }
}
