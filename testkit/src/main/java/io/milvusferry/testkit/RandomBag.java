package io.milvusferry.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Makes a sealed archive of random bytes, for measurements of transfers. */
public final class RandomBag {
  private RandomBag() {}

  /** Arguments: directory, which is new or empty; seed; number of parts; bytes of each. */
  public static void main(String[] arguments) throws IOException {
    long[] parts = new long[Integer.parseInt(arguments[2])];
    Arrays.fill(parts, Long.parseLong(arguments[3]));
    SampleBag.writeRandom(Path.of(arguments[0]), Long.parseLong(arguments[1]), parts);
  }
}
