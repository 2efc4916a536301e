package io.milvusferry.cli;

/**
 * A number of things of which there is at least one.
 *
 * @param value at least 1
 */
record PositiveNumber(int value) {
  PositiveNumber {
    if (value < 1) {
      throw new IllegalArgumentException("'%d' is less than 1".formatted(value));
    }
  }

  static PositiveNumber parse(String text) {
    try {
      return new PositiveNumber(Integer.parseInt(text.strip()));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'%s' is not a whole number".formatted(text), e);
    }
  }
}
