package io.milvusferry.record;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * Writes JSON text in the one form that all texts of the same value share: no white space, members
 * in the order of RFC 8785, strings escaped as there, numbers as sign, significant digits, {@code
 * e} and exponent, never expanded. Depth costs no stack. For one thread.
 */
final class CanonicalJson {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int SAFE_EXPONENT_DIGITS = 17;

  private final JsonNodes nodes = new JsonNodes();

  /**
   * Appends the canonical form of the text between {@code from} and {@code to}.
   *
   * @return false, with nothing appended, where the text is no JSON or an object has a key twice
   */
  boolean write(byte[] text, int from, int to, RowBytes out) {
    if (!nodes.parse(text, from, to)) {
      return false;
    }
    int node = JsonNodes.ROOT;
    while (true) {
      if (nodes.isMember(node)) {
        string(nodes.keyStart(node), nodes.keyEnd(node), out);
        out.putByte(':');
      }
      if (nodes.isContainer(node)) {
        out.putByte(nodes.isObject(node) ? '{' : '[');
        if (nodes.first(node) != JsonNodes.NONE) {
          node = nodes.first(node);
          continue;
        }
        out.putByte(nodes.isObject(node) ? '}' : ']');
      } else {
        leaf(text, node, out);
      }
      while (nodes.next(node) == JsonNodes.NONE) {
        node = nodes.parent(node);
        if (node == JsonNodes.NONE) {
          return true;
        }
        out.putByte(nodes.isObject(node) ? '}' : ']');
      }
      out.putByte(',');
      node = nodes.next(node);
    }
  }

  private void leaf(byte[] text, int node, RowBytes out) {
    switch (nodes.kind(node)) {
      case JsonNodes.STRING -> string(nodes.start(node), nodes.end(node), out);
      case JsonNodes.NUMBER -> number(text, nodes.start(node), nodes.end(node), out);
      default -> out.put(text, nodes.start(node), nodes.end(node) - nodes.start(node));
    }
  }

  private void string(int start, int end, RowBytes out) {
    byte[] strings = nodes.strings();
    out.putByte('"');
    int plain = start;
    for (int i = start; i < end; i++) {
      byte b = strings[i];
      if ((b >= 0x20 && b != '"' && b != '\\') || b < 0) {
        continue;
      }
      out.put(strings, plain, i - plain);
      plain = i + 1;
      escape(b, out);
    }
    out.put(strings, plain, end - plain);
    out.putByte('"');
  }

  private static void escape(byte b, RowBytes out) {
    out.putByte('\\');
    switch (b) {
      case '\b' -> out.putByte('b');
      case '\t' -> out.putByte('t');
      case '\n' -> out.putByte('n');
      case '\f' -> out.putByte('f');
      case '\r' -> out.putByte('r');
      case '"', '\\' -> out.putByte(b);
      default -> {
        out.putByte('u');
        out.putByte('0');
        out.putByte('0');
        out.putByte(HEX[b >> 4]);
        out.putByte(HEX[b & 0xf]);
      }
    }
  }

  /** Appends the number as {@code [-]digits e exponent}; zero, of either sign, is {@code 0}. */
  private static void number(byte[] text, int start, int end, RowBytes out) {
    boolean negative = text[start] == '-';
    int exponentMark = end;
    int point = -1;
    int first = -1;
    int last = -1;
    for (int i = start; i < exponentMark; i++) {
      byte b = text[i];
      if (b == 'e' || b == 'E') {
        exponentMark = i;
      } else if (b == '.') {
        point = i;
      } else if (b > '0') {
        first = first < 0 ? i : first;
        last = i;
      }
    }
    if (first < 0) {
      out.putByte('0');
      return;
    }
    if (negative) {
      out.putByte('-');
    }
    for (int i = first; i <= last; i++) {
      if (text[i] != '.') {
        out.putByte(text[i]);
      }
    }
    out.putByte('e');
    int unit = point < 0 ? exponentMark : point;
    int shift = last < unit ? unit - last - 1 : unit - last;
    exponent(text, exponentMark + 1, end, shift, out);
  }

  private static void exponent(byte[] text, int start, int end, int shift, RowBytes out) {
    if (end - start > SAFE_EXPONENT_DIGITS) {
      BigInteger written =
          new BigInteger(new String(text, start, end - start, StandardCharsets.US_ASCII));
      byte[] sum =
          written.add(BigInteger.valueOf(shift)).toString().getBytes(StandardCharsets.US_ASCII);
      out.put(sum, 0, sum.length);
      return;
    }
    long written = 0;
    for (int i = start; i < end; i++) {
      if (text[i] >= '0') {
        written = 10 * written + text[i] - '0';
      }
    }
    out.putDecimal((start < end && text[start] == '-' ? -written : written) + shift);
  }
}
