package io.milvusferry.signature;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One line of a file of allowed signers: who may sign with which key, what for, and when.
 *
 * @param principals as they stand in the file
 * @param namespaces patterns of what the key may sign; empty: everything
 * @param validAfter first moment at which the key is trusted
 * @param validBefore last moment at which the key is trusted
 */
record AllowedSigner(
    String principals,
    SshPublicKey key,
    Optional<List<String>> namespaces,
    Optional<Instant> validAfter,
    Optional<Instant> validBefore) {

  /** Why this line does not vouch for a signature by its key; empty when it does. */
  Optional<String> refusal(SignatureNamespace namespace, Instant now) {
    if (namespaces.isPresent() && !matches(namespaces.get(), namespace.text())) {
      return Optional.of(
          "it may sign %s, not %s".formatted(String.join(",", namespaces.get()), namespace.text()));
    }
    if (validAfter.isPresent() && now.isBefore(validAfter.get())) {
      return Optional.of("it is not valid before %s".formatted(validAfter.get()));
    }
    if (validBefore.isPresent() && now.isAfter(validBefore.get())) {
      return Optional.of("it expired at %s".formatted(validBefore.get()));
    }
    return Optional.empty();
  }

  /** As OpenSSH: one pattern must match, and none of those with an exclamation mark. */
  private static boolean matches(List<String> patterns, String text) {
    boolean found = false;
    for (String pattern : patterns) {
      boolean excluded = pattern.startsWith("!");
      if (glob(excluded ? pattern.substring(1) : pattern, text)) {
        if (excluded) {
          return false;
        }
        found = true;
      }
    }
    return found;
  }

  /** {@code *} is any text, {@code ?} one character, and everything else itself. */
  private static boolean glob(String pattern, String text) {
    int star = -1;
    int retry = 0;
    int at = 0;
    int in = 0;
    while (in < text.length()) {
      if (at < pattern.length() && pattern.charAt(at) == '*') {
        star = at++;
        retry = in;
      } else if (at < pattern.length()
          && (pattern.charAt(at) == '?' || pattern.charAt(at) == text.charAt(in))) {
        at++;
        in++;
      } else if (star >= 0) {
        at = star + 1;
        in = ++retry;
      } else {
        return false;
      }
    }
    while (at < pattern.length() && pattern.charAt(at) == '*') {
      at++;
    }
    return at == pattern.length();
  }
}
