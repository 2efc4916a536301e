package io.milvusferry.transfer;

import java.nio.file.Path;
import java.util.List;

/**
 * What to receive, and where to.
 *
 * @param from the directory of a bundle, or one that holds a single bundle; for a bundle on
 *     volumes, any number of directories with any of its volumes
 * @param to new, empty, or left by an earlier run for the same bundle
 * @param state directory for journals, made when it is not there
 */
public record ReceiveRequest(List<Destination> from, Path to, Path state) {
  public ReceiveRequest {
    from = List.copyOf(from);
    if (from.isEmpty()) {
      throw new IllegalArgumentException("nothing to receive");
    }
  }

  /** Receives from one place. */
  public ReceiveRequest(Destination from, Path to, Path state) {
    this(List.of(from), to, state);
  }
}
