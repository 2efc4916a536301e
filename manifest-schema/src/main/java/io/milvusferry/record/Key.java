package io.milvusferry.record;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import java.util.Optional;

/**
 * The value of a primary key. Keys of one collection are of one kind, and ordered as the server
 * orders them: numbers by value, strings by the bytes of their UTF-8 form.
 */
public sealed interface Key extends Comparable<Key> {
  /** The key as manifests, journals and findings write it. */
  String text();

  /** The smallest key greater than this one; empty if this is the greatest of all. */
  Optional<Key> next();

  /** Reads what {@link #text()} wrote for the key {@code field}. */
  static Key parse(FieldSpec field, String text) {
    if (field.type() == FieldType.INT64) {
      return new Int64(Long.parseLong(text));
    }
    if (field.type() == FieldType.VARCHAR) {
      return new Varchar(text);
    }
    throw new IllegalArgumentException(
        "field %s of type %s cannot be a primary key".formatted(field.name(), field.type()));
  }

  /** An int64 key. */
  record Int64(long value) implements Key {
    @Override
    public Optional<Key> next() {
      return value == Long.MAX_VALUE ? Optional.empty() : Optional.of(new Int64(value + 1));
    }

    @Override
    public String text() {
      return Long.toString(value);
    }

    @Override
    public int compareTo(Key other) {
      return Long.compare(value, ((Int64) other).value);
    }

    @Override
    public String toString() {
      return text();
    }
  }

  /** A varchar key. */
  record Varchar(String value) implements Key {
    @Override
    public Optional<Key> next() {
      return Optional.of(new Varchar(value + '\0'));
    }

    @Override
    public String text() {
      return value;
    }

    /** Orders by code points, which is the order of the UTF-8 bytes. */
    @Override
    public int compareTo(Key other) {
      String that = ((Varchar) other).value;
      int common = Math.min(value.length(), that.length());
      for (int i = 0; i < common; i++) {
        char a = value.charAt(i);
        char b = that.charAt(i);
        if (a != b) {
          boolean surrogates = Character.isSurrogate(a) != Character.isSurrogate(b);
          return surrogates ? (Character.isSurrogate(a) ? 1 : -1) : Character.compare(a, b);
        }
      }
      return Integer.compare(value.length(), that.length());
    }

    @Override
    public String toString() {
      return text();
    }
  }
}
