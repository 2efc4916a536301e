package io.milvusferry.manifest;

/** Whether a collection was loaded for searching. */
public enum LoadState {
  LOADED,
  NOT_LOADED
}
