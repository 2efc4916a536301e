package io.milvusferry.violation;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/** Speaks tar outside transfer. */
public final class SpeaksTar {
  TarArchiveEntry speak() {
    return new TarArchiveEntry("entry");
  }
}
