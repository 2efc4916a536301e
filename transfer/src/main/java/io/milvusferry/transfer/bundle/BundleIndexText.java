package io.milvusferry.transfer.bundle;

import com.google.gson.stream.JsonWriter;
import io.milvusferry.digest.Digest;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Writes {@code bundle.json}; see {@code docs/format/bundle-v1.md}. */
final class BundleIndexText {
  private final JsonWriter out;

  private BundleIndexText(JsonWriter out) {
    this.out = out;
  }

  /** The text of an index; the same index gives the same bytes. */
  static byte[] of(PublishedIndex index) {
    StringWriter text = new StringWriter();
    try (JsonWriter out = new JsonWriter(text)) {
      out.setIndent(" ");
      out.setHtmlSafe(false);
      new BundleIndexText(out).write(index);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private void write(PublishedIndex index) throws IOException {
    out.beginObject();
    out.name("format").value(BundleIndex.FORMAT);
    out.name("formatVersion").value(BundleIndex.CURRENT);
    if (index instanceof BundleIndex whole) {
      write(whole);
    } else if (index instanceof EncryptedIndex encrypted) {
      write(encrypted);
    }
    out.endObject();
  }

  private void write(BundleIndex index) throws IOException {
    out.name("requires").beginArray().endArray();
    out.name("archiveId").value(index.archiveId().hex());
    out.name("creationId").value(index.creationId());
    out.name("chunks").beginArray();
    for (ChunkEntry chunk : index.chunks()) {
      out.beginObject();
      out.name("index").value(chunk.index());
      out.name("rawBytes").value(Long.toString(chunk.rawBytes()));
      out.name("wireBytes").value(Long.toString(chunk.wireBytes()));
      digest("rawDigest", chunk.rawDigest());
      digest("wireDigest", chunk.wireDigest());
      out.name("codec").value(chunk.codec());
      out.endObject();
    }
    out.endArray();
  }

  private void write(EncryptedIndex index) throws IOException {
    out.name("requires").beginArray().value(EncryptedIndex.REQUIRED).endArray();
    out.name("creationId").value(index.creationId());
    out.name("indexBytes").value(Long.toString(index.indexBytes()));
    digest("indexDigest", index.indexDigest());
    out.name("chunks").beginArray();
    for (EncryptedIndex.WireEntry chunk : index.chunks()) {
      out.beginObject();
      out.name("index").value(chunk.index());
      out.name("wireBytes").value(Long.toString(chunk.wireBytes()));
      digest("wireDigest", chunk.wireDigest());
      out.endObject();
    }
    out.endArray();
  }

  private void digest(String name, Digest digest) throws IOException {
    out.name(name).value(digest.hex());
  }
}
