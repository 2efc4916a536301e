package io.milvusferry.transfer;

import io.milvusferry.transfer.bundle.BundleIndex;
import io.milvusferry.transfer.bundle.ChunkPlan;
import java.io.IOException;
import java.io.InputStream;

/**
 * What makes the wire bytes of a shipment. The same raw bytes of a chunk give the same wire bytes,
 * as long as {@link #release} is the same. Safe for several threads.
 */
interface Packing {
  /** The codec that the index names. */
  String codec();

  /** Whether what travels is encrypted. */
  boolean encrypts();

  /** Whether the wire bytes are the raw bytes. */
  boolean keepsBytes();

  /** What makes the bytes; work done under another one is not continued. */
  String release();

  /** Whether a chunk that this release made, and that lies there, is as good as one made now. */
  boolean keeps(String release);

  /** The wire bytes of a chunk, made while they are read; closed with {@code raw}. */
  InputStream pack(ChunkPlan plan, InputStream raw) throws IOException;

  /** The files that tell what the bundle is; the same for the same index. */
  IndexFiles index(BundleIndex index);

  /** The bundle is whole. */
  void finish();
}
