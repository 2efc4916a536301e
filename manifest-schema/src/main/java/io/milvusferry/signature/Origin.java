package io.milvusferry.signature;

/** What is known of where something comes from. */
public sealed interface Origin {
  /** Short words for a report. */
  String words();

  /** There is no signature, and none was asked for. */
  record Unsigned() implements Origin {
    @Override
    public String words() {
      return "not signed";
    }
  }

  /** There is a signature; nobody looked at it. */
  record Unchecked() implements Origin {
    @Override
    public String words() {
      return "signed, but the signature was NOT checked; --verify-with does that";
    }
  }

  /**
   * The signature is good, and its key is trusted.
   *
   * @param principals whose key it is, as the file of allowed signers says
   * @param fingerprint of the key
   */
  record Proven(String principals, String fingerprint) implements Origin {
    @Override
    public String words() {
      return "signed by %s   key %s".formatted(principals, fingerprint);
    }
  }
}
