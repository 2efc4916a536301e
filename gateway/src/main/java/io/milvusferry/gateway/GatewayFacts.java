package io.milvusferry.gateway;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** What does not change of a gateway while it runs. */
record GatewayFacts(
    String version,
    String listen,
    String source,
    String target,
    InstantSource clock,
    Instant started) {

  GatewayStatus status(boolean ready, long journalBytes, List<MirrorStatus> mirrors) {
    return new GatewayStatus(
        ready,
        version,
        listen,
        source,
        target,
        Duration.between(started, Instant.ofEpochMilli(clock.millis())),
        journalBytes,
        mirrors);
  }
}
