package io.milvusferry.signature;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;

/** Somebody with a key, for tests of other packages. */
public final class SampleSigner {
  private final SampleKey key;

  /** The same seed gives the same key. */
  public SampleSigner(long seed) {
    this.key = SampleKey.ed25519(seed);
  }

  public SigningKey key() {
    return key.key();
  }

  /** Demands a signature by this key. */
  public OriginCheck check(Path allowed) {
    return OriginCheck.by(
        AllowedSigners.parse(allowed.toString(), "ops@eu " + key.line(), ZoneOffset.UTC),
        InstantSource.fixed(Instant.parse("2026-11-25T12:00:00Z")));
  }
}
