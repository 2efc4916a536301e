package io.milvusferry.transfer.bundle;

/**
 * Where unpacking stands between two chunks.
 *
 * @param path the file last begun, empty before the first
 * @param size of that file
 * @param written bytes of it that are on disk; equal to {@code size} when it is finished
 */
public record Position(String path, long size, long written) {
  /** Before the first chunk. */
  public static final Position START = new Position("", 0, 0);

  public Position {
    if (size < 0 || written < 0 || written > size) {
      throw new IllegalArgumentException("%d of %d bytes".formatted(written, size));
    }
  }
}
