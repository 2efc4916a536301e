package io.milvusferry.connector;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Expressions over the primary key, in the grammar of Milvus' filters. */
public final class Literals {
  private final String field;
  private final boolean numeric;

  Literals(FieldSpec key) {
    this.field = key.name();
    this.numeric = key.type() == FieldType.INT64;
  }

  /**
   * Keys of {@code range} that are greater than {@code last}, if there is one. Never empty: a query
   * without a limit needs an expression, and the literal of the smallest int64 does not parse.
   */
  String within(KeyRange range, @Nullable Key last) {
    String lower = last != null ? above(last) : lower(range.from());
    String upper = range.below() == null ? "" : field + " < " + literal(range.below());
    if (lower.isEmpty() && upper.isEmpty()) {
      return numeric ? field + " <= " + Long.MAX_VALUE : field + " >= \"\"";
    }
    return lower.isEmpty() ? upper : upper.isEmpty() ? lower : lower + " and " + upper;
  }

  /** Exactly these keys, of which there is at least one. */
  String oneOf(List<Key> keys) {
    return oneOf(field, keys);
  }

  /** Exactly the rows whose {@code field} is one of these keys, of which there is at least one. */
  public static String oneOf(String field, List<Key> keys) {
    List<String> terms = new ArrayList<>();
    String list =
        keys.stream()
            .filter(key -> !isSmallest(key))
            .map(Literals::literal)
            .collect(Collectors.joining(", "));
    if (!list.isEmpty()) {
      terms.add("%s in [%s]".formatted(field, list));
    }
    if (keys.stream().anyMatch(Literals::isSmallest)) {
      terms.add(field + " < " + -Long.MAX_VALUE);
    }
    return String.join(" or ", terms);
  }

  private String above(Key last) {
    return isSmallest(last) ? field + " >= " + -Long.MAX_VALUE : field + " > " + literal(last);
  }

  private String lower(@Nullable Key from) {
    return from == null || isSmallest(from) ? "" : field + " >= " + literal(from);
  }

  /** Whether this is the one int64 whose literal does not parse. */
  private static boolean isSmallest(Key key) {
    return key instanceof Key.Int64 number && number.value() == Long.MIN_VALUE;
  }

  /** A key as expressions have it; the smallest int64 has no literal that parses. */
  public static String literal(Key key) {
    return key instanceof Key.Int64 ? key.text() : quoted(key.text());
  }

  /**
   * A string literal. Only what would end it is escaped: no other escape is known to all servers,
   * and one of them takes an unknown escape for another text instead of refusing it.
   */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        default -> quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
