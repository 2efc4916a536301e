package io.milvusferry.signature;

/** What a signature is about. A signature that was made for one thing proves nothing of another. */
public enum SignatureNamespace {
  /** The seal of an archive. */
  ARCHIVE("milvus-ferry-archive"),
  /** The index of a bundle. */
  BUNDLE("milvus-ferry-bundle");

  private final String text;

  SignatureNamespace(String text) {
    this.text = text;
  }

  /** As it is signed, and as {@code ssh-keygen -n} takes it. */
  public String text() {
    return text;
  }
}
