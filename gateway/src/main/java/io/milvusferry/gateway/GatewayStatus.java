package io.milvusferry.gateway;

import java.time.Duration;
import java.util.List;

/**
 * What a gateway is and does at one moment.
 *
 * @param ready whether it is warmed up and takes calls
 * @param source address of the source, without credentials
 * @param target address of the target, without credentials
 * @param journalBytes size of the journal on disk
 * @param mirrors the mirrored collections, by name
 */
public record GatewayStatus(
    boolean ready,
    String version,
    String listen,
    String source,
    String target,
    Duration uptime,
    long journalBytes,
    List<MirrorStatus> mirrors) {
  public GatewayStatus {
    mirrors = List.copyOf(mirrors);
  }
}
