package io.milvusferry.gateway.proxy;

import io.milvusferry.record.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The expression of a delete that does nothing but list keys: {@code id in [1, 2]}, {@code id ==
 * "a"}. Everything else is a filter, whose keys only the server can tell.
 */
final class KeyExpression {
  private final String text;
  private final boolean numeric;
  private int at;

  private KeyExpression(String text, boolean numeric) {
    this.text = text;
    this.numeric = numeric;
  }

  /** The keys that an expression lists; empty when it is a filter. */
  static Optional<List<Key>> keys(String expression, Described collection) {
    KeyExpression reading = new KeyExpression(expression, collection.numericKey());
    Optional<List<Key>> keys = reading.read(collection.keyField());
    reading.blanks();
    return reading.at == expression.length() ? keys : Optional.empty();
  }

  private Optional<List<Key>> read(String keyField) {
    List<Key> keys = new ArrayList<>();
    blanks();
    if (!take(keyField)) {
      return Optional.empty();
    }
    blanks();
    if (take("==")) {
      return one(keys) ? Optional.of(keys) : Optional.empty();
    }
    if (!take("in") && !take("IN")) {
      return Optional.empty();
    }
    blanks();
    if (!take("[")) {
      return Optional.empty();
    }
    do {
      blanks();
      if (peek() == ']' && !keys.isEmpty()) {
        break;
      }
      if (!one(keys)) {
        return Optional.empty();
      }
      blanks();
    } while (take(","));
    return take("]") ? Optional.of(keys) : Optional.empty();
  }

  private boolean one(List<Key> keys) {
    blanks();
    Optional<Key> key = numeric ? number() : string();
    key.ifPresent(keys::add);
    return key.isPresent();
  }

  /** Decimal only: other notations mean what the server says. */
  private Optional<Key> number() {
    int from = at;
    if (peek() == '-') {
      at++;
    }
    int digits = at;
    while (Character.isDigit(peek())) {
      at++;
    }
    boolean octal = at - digits > 1 && text.charAt(digits) == '0';
    try {
      return octal || at == digits
          ? Optional.empty()
          : Optional.of(new Key.Int64(Long.parseLong(text.substring(from, at))));
    } catch (NumberFormatException tooLarge) {
      return Optional.empty();
    }
  }

  /** Only strings whose escapes are beyond doubt. */
  private Optional<Key> string() {
    char quote = peek();
    if (quote != '"' && quote != '\'') {
      return Optional.empty();
    }
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == quote) {
        at++;
        return Optional.of(new Key.Varchar(value.toString()));
      }
      if (c == '\\') {
        at++;
        if (peek() != '\\' && peek() != quote) {
          return Optional.empty();
        }
        c = peek();
      }
      value.append(c);
    }
    return Optional.empty();
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private boolean take(String word) {
    if (text.startsWith(word, at)) {
      at += word.length();
      return true;
    }
    return false;
  }

  private void blanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }
}
