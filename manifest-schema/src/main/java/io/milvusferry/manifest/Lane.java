package io.milvusferry.manifest;

/** How the rows of a part can be loaded. */
public enum Lane {
  /** The server can read the part itself. */
  BULK,
  /** Some row holds what no Parquet import takes (NaN, infinity); rows go by insert. */
  INSERT
}
