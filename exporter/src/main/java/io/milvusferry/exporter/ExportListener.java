package io.milvusferry.exporter;

import io.milvusferry.manifest.PartEntry;

/** Hears how an archive grows, for whoever begins with it before it is sealed. Never fails. */
public interface ExportListener extends PartListener {
  /** Hears nothing. */
  ExportListener NONE =
      new ExportListener() {
        @Override
        public void began(String creationId) {}

        @Override
        public void durable(PartEntry part) {}
      };

  /**
   * The export begins, or goes on; comes once, before any part.
   *
   * @param creationId of the archive that it becomes
   */
  void began(String creationId);

  /**
   * A part is durable, and in the archive unless its collection fails. Parts come in the order of
   * their paths, those of an earlier run among them, which nobody has looked at since.
   */
  @Override
  void durable(PartEntry part);
}
