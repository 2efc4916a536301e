package io.milvusferry.importer;

/** What becomes of primary keys that the source server made up itself. */
public enum AutoId {
  /**
   * Rows keep their keys. The target collection is made without automatic keys, since servers do
   * not take given ones then: applications must send keys from now on.
   */
  KEEP_KEYS,
  /**
   * The target makes new keys. Rows are compared without the key, and go by insert, since the parts
   * contain the old keys.
   */
  NEW_KEYS
}
