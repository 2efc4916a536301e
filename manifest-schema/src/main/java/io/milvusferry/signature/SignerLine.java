package io.milvusferry.signature;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one line of a file of allowed signers: principals, options if there are any, type of the
 * key, the key in Base64, and perhaps a comment; see {@code ssh-keygen(1)}. Whatever is not so is
 * an {@link IllegalArgumentException}.
 */
final class SignerLine {
  private static final Pattern PRINCIPALS = Pattern.compile("(?:\"([^\"]+)\"|([^\\s\"]+))\\s+");

  /** Everything up to the first blank that no quotes are around. */
  private static final Pattern OPTIONS =
      Pattern.compile("((?:[^\\s\"]|\"(?:[^\"\\\\]|\\\\.)*\")+)\\s+");

  private static final Pattern OPTION =
      Pattern.compile("([A-Za-z-]+)(?:=\"((?:[^\"\\\\]|\\\\.)*)\")?(,(?=.)|$)");
  private static final Pattern KEY = Pattern.compile("(\\S+)[ \\t]+([A-Za-z0-9+/]+=*)(?:\\s.*)?");
  private static final Pattern TIME =
      Pattern.compile("([0-9]{8})([0-9]{4})?([0-9]{2})?(Z|UTC)?", Pattern.CASE_INSENSITIVE);
  private static final DateTimeFormatter TIME_FORM =
      new DateTimeFormatterBuilder()
          .appendValue(ChronoField.YEAR, 4)
          .appendPattern("MMddHHmmss")
          .toFormatter(Locale.ROOT)
          .withResolverStyle(java.time.format.ResolverStyle.STRICT);

  private final ZoneId zone;
  private Optional<List<String>> namespaces = Optional.empty();
  private Optional<Instant> validAfter = Optional.empty();
  private Optional<Instant> validBefore = Optional.empty();

  private SignerLine(ZoneId zone) {
    this.zone = zone;
  }

  /**
   * @param line without blanks around it, neither empty nor a comment
   * @param zone of times that do not say theirs
   */
  static AllowedSigner parse(String line, ZoneId zone) {
    return new SignerLine(zone).read(line);
  }

  private AllowedSigner read(String line) {
    Matcher principals = PRINCIPALS.matcher(line);
    if (!principals.lookingAt()) {
      throw new IllegalArgumentException("it holds nothing but a principal");
    }
    String rest = line.substring(principals.end());
    Optional<SshPublicKey> key = key(rest);
    if (key.isEmpty()) {
      Matcher options = OPTIONS.matcher(rest);
      if (!options.lookingAt()) {
        throw new IllegalArgumentException("it holds no key");
      }
      readOptions(options.group(1));
      key = key(rest.substring(options.end()));
    }
    return new AllowedSigner(
        principals.group(1) == null ? principals.group(2) : principals.group(1),
        key.orElseThrow(() -> new IllegalArgumentException("it holds no key")),
        namespaces,
        validAfter,
        validBefore);
  }

  private static Optional<SshPublicKey> key(String text) {
    Matcher words = KEY.matcher(text);
    if (!words.matches()) {
      return Optional.empty();
    }
    try {
      SshPublicKey key = new SshPublicKey(Base64.getDecoder().decode(words.group(2)));
      return Optional.of(key).filter(it -> it.type().equals(words.group(1)));
    } catch (IllegalArgumentException expected) {
      return Optional.empty(); // these words are options, or nothing
    }
  }

  private void readOptions(String text) {
    Matcher options = OPTION.matcher(text);
    int end = 0;
    while (end < text.length()) {
      if (!options.find(end) || options.start() != end) {
        throw new IllegalArgumentException(
            "its options cannot be read from '%s' on".formatted(text.substring(end)));
      }
      readOption(options.group(1).toLowerCase(Locale.ROOT), Optional.ofNullable(options.group(2)));
      end = options.end();
    }
    if (validAfter.isPresent()
        && validBefore.isPresent()
        && !validAfter.get().isBefore(validBefore.get())) {
      throw new IllegalArgumentException("its key is never valid");
    }
  }

  private void readOption(String name, Optional<String> value) {
    switch (name) {
      case "namespaces" -> {
        requireFirst(name, namespaces);
        namespaces = Optional.of(List.of(required(name, value).split(",")));
      }
      case "valid-after" -> {
        requireFirst(name, validAfter);
        validAfter = Optional.of(time(required(name, value)));
      }
      case "valid-before" -> {
        requireFirst(name, validBefore);
        validBefore = Optional.of(time(required(name, value)));
      }
      case "cert-authority" ->
          throw new IllegalArgumentException(
              "its key is a cert-authority, and certificates are not supported");
      default ->
          throw new IllegalArgumentException(
              "it has an option '%s', which nobody knows".formatted(name));
    }
  }

  private static void requireFirst(String name, Optional<?> earlier) {
    if (earlier.isPresent()) {
      throw new IllegalArgumentException("its option %s is there twice".formatted(name));
    }
  }

  private static String required(String name, Optional<String> value) {
    return value
        .filter(text -> !text.isBlank())
        .map(text -> text.replace("\\\"", "\""))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "its option %s needs a value in quotes".formatted(name)));
  }

  private Instant time(String text) {
    Matcher parts = TIME.matcher(text);
    if (!parts.matches()) {
      throw notATime(text, null);
    }
    String minutes = parts.group(2) == null ? "0000" : parts.group(2);
    String seconds = parts.group(3) == null ? "00" : parts.group(3);
    try {
      return LocalDateTime.parse(parts.group(1) + minutes + seconds, TIME_FORM)
          .atZone(parts.group(4) == null ? zone : ZoneOffset.UTC)
          .toInstant();
    } catch (DateTimeException e) {
      throw notATime(text, e);
    }
  }

  private static IllegalArgumentException notATime(
      String text, @org.jspecify.annotations.Nullable Throwable cause) {
    return new IllegalArgumentException(
        "its '%s' is no time such as 20271231 or 202712312359Z".formatted(text), cause);
  }
}
