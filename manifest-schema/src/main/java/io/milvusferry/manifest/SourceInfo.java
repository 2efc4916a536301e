package io.milvusferry.manifest;

import java.util.List;

/**
 * The server that rows were read from. No address and no user, ever.
 *
 * @param version as the server says, empty if it does not
 * @param capabilities names of what was probed and found, sorted
 */
public record SourceInfo(String version, List<String> capabilities) {
  public SourceInfo {
    capabilities = List.copyOf(capabilities);
  }
}
