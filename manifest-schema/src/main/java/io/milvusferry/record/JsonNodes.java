package io.milvusferry.record;

import java.util.Arrays;

/**
 * JSON text taken apart into nodes that lie in plain arrays, with the members of each object in
 * canonical order. Strict: RFC 8259 and valid UTF-8, nothing else. The arrays are used again for
 * the next text; nesting takes no stack.
 */
final class JsonNodes {
  static final int NONE = -1;
  static final int ROOT = 0;

  static final byte OBJECT = 1;
  static final byte ARRAY = 2;
  static final byte STRING = 3;
  static final byte NUMBER = 4;
  static final byte WORD = 5;

  private byte[] kinds = new byte[64];
  private int[] starts = new int[64];
  private int[] ends = new int[64];
  private int[] keyStarts = new int[64];
  private int[] keyEnds = new int[64];
  private int[] parents = new int[64];
  private int[] firsts = new int[64];
  private int[] nexts = new int[64];
  private int[] lasts = new int[64];
  private int[] order = new int[64];
  private int[] merged = new int[64];
  private int count;

  private final JsonStrings strings = new JsonStrings();
  private byte[] text = new byte[0];
  private int position;
  private int limit;
  private int keyStart;
  private int keyEnd;

  /** Whether the text is JSON without repeated keys; only then may nodes be asked for. */
  boolean parse(byte[] source, int from, int to) {
    text = source;
    position = from;
    limit = to;
    count = 0;
    strings.clear();
    int container = NONE;
    while (true) {
      skipSpace();
      if (position == limit) {
        return false;
      }
      byte b = text[position];
      int node = add(container);
      if (b == '{' || b == '[') {
        kinds[node] = b == '{' ? OBJECT : ARRAY;
        position++;
        skipSpace();
        if (position < limit && text[position] == closing(node)) {
          position++;
        } else {
          container = node;
          if (b == '{' && !key()) {
            return false;
          }
          continue;
        }
      } else if (!leaf(node, b)) {
        return false;
      }
      while (true) {
        skipSpace();
        if (container == NONE) {
          return position == limit;
        }
        if (position == limit) {
          return false;
        }
        b = text[position++];
        if (b == ',') {
          if (isObject(container) && !key()) {
            return false;
          }
          break;
        }
        if (b != closing(container) || (isObject(container) && !sortMembers(container))) {
          return false;
        }
        container = parents[container];
      }
    }
  }

  byte kind(int node) {
    return kinds[node];
  }

  boolean isObject(int node) {
    return kinds[node] == OBJECT;
  }

  boolean isContainer(int node) {
    return kinds[node] <= ARRAY;
  }

  boolean isMember(int node) {
    return parents[node] != NONE && isObject(parents[node]);
  }

  int parent(int node) {
    return parents[node];
  }

  int first(int node) {
    return firsts[node];
  }

  int next(int node) {
    return nexts[node];
  }

  /** Where a string begins among {@link #strings()}, any other leaf in the text. */
  int start(int node) {
    return starts[node];
  }

  int end(int node) {
    return ends[node];
  }

  int keyStart(int node) {
    return keyStarts[node];
  }

  int keyEnd(int node) {
    return keyEnds[node];
  }

  /** The UTF-8 bytes of all strings and keys, without escapes. */
  byte[] strings() {
    return strings.bytes();
  }

  private byte closing(int node) {
    return (byte) (isObject(node) ? '}' : ']');
  }

  private void skipSpace() {
    while (position < limit && isSpace(text[position])) {
      position++;
    }
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }

  private int add(int container) {
    if (count == kinds.length) {
      grow();
    }
    int node = count++;
    parents[node] = container;
    firsts[node] = NONE;
    nexts[node] = NONE;
    keyStarts[node] = keyStart;
    keyEnds[node] = keyEnd;
    if (container != NONE) {
      if (firsts[container] == NONE) {
        firsts[container] = node;
      } else {
        nexts[lasts[container]] = node;
      }
      lasts[container] = node;
    }
    return node;
  }

  private void grow() {
    int size = 2 * count;
    kinds = Arrays.copyOf(kinds, size);
    starts = Arrays.copyOf(starts, size);
    ends = Arrays.copyOf(ends, size);
    keyStarts = Arrays.copyOf(keyStarts, size);
    keyEnds = Arrays.copyOf(keyEnds, size);
    parents = Arrays.copyOf(parents, size);
    firsts = Arrays.copyOf(firsts, size);
    nexts = Arrays.copyOf(nexts, size);
    lasts = Arrays.copyOf(lasts, size);
    order = new int[size];
    merged = new int[size];
  }

  private boolean key() {
    skipSpace();
    if (position == limit || text[position] != '"') {
      return false;
    }
    keyStart = strings.length();
    position = strings.read(text, position + 1, limit);
    if (position < 0) {
      return false;
    }
    keyEnd = strings.length();
    skipSpace();
    return position < limit && text[position++] == ':';
  }

  private boolean leaf(int node, byte b) {
    if (b == '"') {
      kinds[node] = STRING;
      starts[node] = strings.length();
      position = strings.read(text, position + 1, limit);
      ends[node] = strings.length();
      return position >= 0;
    }
    starts[node] = position;
    if (b == '-' || isDigit(b)) {
      kinds[node] = NUMBER;
      if (!number()) {
        return false;
      }
    } else {
      kinds[node] = WORD;
      if (!word("true") && !word("false") && !word("null")) {
        return false;
      }
    }
    ends[node] = position;
    return true;
  }

  private boolean word(String word) {
    if (limit - position < word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (text[position + i] != word.charAt(i)) {
        return false;
      }
    }
    position += word.length();
    return true;
  }

  private boolean number() {
    if (text[position] == '-') {
      position++;
    }
    if (position < limit && text[position] == '0') {
      position++;
    } else if (!digits()) {
      return false;
    }
    if (position < limit && text[position] == '.') {
      position++;
      if (!digits()) {
        return false;
      }
    }
    if (position < limit && (text[position] == 'e' || text[position] == 'E')) {
      position++;
      if (position < limit && (text[position] == '+' || text[position] == '-')) {
        position++;
      }
      return digits();
    }
    return true;
  }

  private boolean digits() {
    int start = position;
    while (position < limit && isDigit(text[position])) {
      position++;
    }
    return position > start;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** Links the members of an object in the order of their keys; false if a key is there twice. */
  private boolean sortMembers(int object) {
    int members = 0;
    boolean sorted = true;
    for (int node = firsts[object]; node != NONE; node = nexts[node]) {
      order[members++] = node;
      sorted &= members < 2 || compare(order[members - 2], node) < 0;
    }
    if (sorted) {
      return true;
    }
    mergeSort(members);
    for (int i = 1; i < members; i++) {
      if (compare(order[i - 1], order[i]) == 0) {
        return false;
      }
      nexts[order[i - 1]] = order[i];
    }
    firsts[object] = order[0];
    nexts[order[members - 1]] = NONE;
    return true;
  }

  private int compare(int a, int b) {
    return strings.compare(keyStarts[a], keyEnds[a], keyStarts[b], keyEnds[b]);
  }

  private void mergeSort(int size) {
    for (int width = 1; width < size; width *= 2) {
      for (int low = 0; low < size; low += 2 * width) {
        int middle = Math.min(low + width, size);
        int high = Math.min(middle + width, size);
        int left = low;
        int right = middle;
        for (int i = low; i < high; i++) {
          boolean takeLeft =
              right == high || (left < middle && compare(order[left], order[right]) <= 0);
          merged[i] = order[takeLeft ? left++ : right++];
        }
      }
      System.arraycopy(merged, 0, order, 0, size);
    }
  }
}
