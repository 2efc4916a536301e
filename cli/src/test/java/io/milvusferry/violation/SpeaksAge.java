package io.milvusferry.violation;

import com.exceptionfactory.jagged.bech32.Bech32;

/** Speaks age outside transfer. */
public final class SpeaksAge {
  Bech32.Decoder speak() {
    return Bech32.getDecoder();
  }
}
