package io.milvusferry.record;

import java.util.Arrays;

/** The strings of a JSON text without their escapes: UTF-8 bytes, one after the other. */
final class JsonStrings {
  private byte[] bytes = new byte[256];
  private int length;

  void clear() {
    length = 0;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /**
   * Reads a string whose first byte after the quotation mark is at {@code position}.
   *
   * @return the position after the closing quotation mark, or -1 where this is no JSON string
   */
  int read(byte[] text, int position, int limit) {
    int i = position;
    while (i < limit) {
      byte b = text[i];
      if (b == '"') {
        return i + 1;
      }
      if (b == '\\') {
        i = escape(text, i + 1, limit);
      } else if (b >= 0x20) {
        put(b);
        i++;
      } else {
        i = b < 0 ? sequence(text, i, limit) : -1;
      }
      if (i < 0) {
        return -1;
      }
    }
    return -1;
  }

  /** Orders by UTF-16 code units, as RFC 8785 wants it. */
  int compare(int aStart, int aEnd, int bStart, int bEnd) {
    int mismatch = Arrays.mismatch(bytes, aStart, aEnd, bytes, bStart, bEnd);
    if (mismatch < 0) {
      return 0;
    }
    if (aStart + mismatch == aEnd || bStart + mismatch == bEnd) {
      return Integer.compare(aEnd - aStart, bEnd - bStart);
    }
    int a = bytes[aStart + mismatch] & 0xff;
    int b = bytes[bStart + mismatch] & 0xff;
    // Bytes order as code points do; code units do not where a surrogate pair (first byte from
    // F0) meets U+E000 to U+FFFF (first byte EE or EF): the surrogates are less.
    if (a >= 0xf0 && b >= 0xee && b < 0xf0) {
      return -1;
    }
    if (b >= 0xf0 && a >= 0xee && a < 0xf0) {
      return 1;
    }
    return Integer.compare(a, b);
  }

  private int escape(byte[] text, int position, int limit) {
    if (position == limit) {
      return -1;
    }
    switch (text[position]) {
      case '"', '\\', '/' -> put(text[position]);
      case 'b' -> put((byte) '\b');
      case 'f' -> put((byte) '\f');
      case 'n' -> put((byte) '\n');
      case 'r' -> put((byte) '\r');
      case 't' -> put((byte) '\t');
      case 'u' -> {
        return unicode(text, position + 1, limit);
      }
      default -> {
        return -1;
      }
    }
    return position + 1;
  }

  private int unicode(byte[] text, int position, int limit) {
    int unit = hex(text, position, limit);
    if (unit < 0 || (unit >= 0xdc00 && unit < 0xe000)) {
      return -1;
    }
    if (unit < 0xd800 || unit >= 0xe000) {
      putCodePoint(unit);
      return position + 4;
    }
    if (limit - position < 10 || text[position + 4] != '\\' || text[position + 5] != 'u') {
      return -1;
    }
    int low = hex(text, position + 6, limit);
    if (low < 0xdc00 || low >= 0xe000) {
      return -1;
    }
    putCodePoint(Character.toCodePoint((char) unit, (char) low));
    return position + 10;
  }

  private static int hex(byte[] text, int position, int limit) {
    if (limit - position < 4) {
      return -1;
    }
    int value = 0;
    for (int i = position; i < position + 4; i++) {
      int digit = text[i] < 0 ? -1 : Character.digit((char) text[i], 16);
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  /** Copies one sequence of several bytes; -1 where it is not well formed (Unicode, table 3-7). */
  private int sequence(byte[] text, int position, int limit) {
    int lead = text[position] & 0xff;
    int size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || limit - position < size) {
      return -1;
    }
    int second = text[position + 1] & 0xff;
    int least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    int greatest = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (second < least || second > greatest) {
      return -1;
    }
    for (int i = 2; i < size; i++) {
      if ((text[position + i] & 0xc0) != 0x80) {
        return -1;
      }
    }
    for (int i = 0; i < size; i++) {
      put(text[position + i]);
    }
    return position + size;
  }

  private void putCodePoint(int point) {
    if (point < 0x80) {
      put((byte) point);
    } else if (point < 0x800) {
      put((byte) (0xc0 | (point >> 6)));
      put((byte) (0x80 | (point & 0x3f)));
    } else if (point < 0x10000) {
      put((byte) (0xe0 | (point >> 12)));
      put((byte) (0x80 | ((point >> 6) & 0x3f)));
      put((byte) (0x80 | (point & 0x3f)));
    } else {
      put((byte) (0xf0 | (point >> 18)));
      put((byte) (0x80 | ((point >> 12) & 0x3f)));
      put((byte) (0x80 | ((point >> 6) & 0x3f)));
      put((byte) (0x80 | (point & 0x3f)));
    }
  }

  private void put(byte b) {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * length);
    }
    bytes[length++] = b;
  }
}
