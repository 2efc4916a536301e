package io.milvusferry.gateway.journal;

/** The writes that are mirrored. */
public enum WriteKind {
  INSERT,
  UPSERT,
  DELETE
}
