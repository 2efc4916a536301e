package io.milvusferry.manifest;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Selects collections by globs such as {@code shop.*} or {@code products}: those that one of {@code
 * only} matches, all if there is none, but not those that one of {@code skip} matches.
 *
 * <p>A glob is {@code database.collection}, or {@code collection} in whatever database. In each
 * half {@code *} stands for any characters, {@code ?} for one, <code>{a,b}</code> for either word,
 * and {@code [a-f]} or {@code [!a-f]} for one character of a set.
 */
public final class NameFilter {
  /** Selects every collection. */
  public static final NameFilter ALL = new NameFilter(List.of(), List.of());

  private final List<Glob> only;
  private final List<Glob> skip;
  private final String text;

  /**
   * @throws IllegalArgumentException for a glob that cannot be read; the message is for the user
   */
  public NameFilter(List<String> only, List<String> skip) {
    this.only = only.stream().map(Glob::parse).toList();
    this.skip = skip.stream().map(Glob::parse).toList();
    this.text =
        Stream.concat(
                only.stream().map(glob -> "--only " + glob),
                skip.stream().map(glob -> "--skip " + glob))
            .collect(Collectors.joining(" "));
  }

  /** The globs as flags; empty for a filter that selects everything. */
  @Override
  public String toString() {
    return text;
  }

  public boolean selects(CollectionName name) {
    return (only.isEmpty() || only.stream().anyMatch(glob -> glob.matches(name)))
        && skip.stream().noneMatch(glob -> glob.matches(name));
  }

  private record Glob(Pattern database, Pattern name) {
    private static final String ANY = "*";

    static Glob parse(String text) {
      int dot = text.indexOf('.');
      String database = dot < 0 ? ANY : text.substring(0, dot);
      String name = text.substring(dot + 1);
      if (database.isEmpty() || name.isEmpty()) {
        throw unreadable(text, "a half is empty");
      }
      return new Glob(pattern(database, text), pattern(name, text));
    }

    boolean matches(CollectionName candidate) {
      return database.matcher(candidate.database()).matches()
          && name.matcher(candidate.name()).matches();
    }

    private static Pattern pattern(String half, String text) {
      StringBuilder regex = new StringBuilder();
      boolean inWords = false;
      for (int i = 0; i < half.length(); i++) {
        char c = half.charAt(i);
        if (c == '*') {
          regex.append(".*");
        } else if (c == '?') {
          regex.append('.');
        } else if (c == '[') {
          int end = half.indexOf(']', i + 2);
          if (end < 0) {
            throw unreadable(text, "a '[' has no ']'");
          }
          regex.append(set(half.substring(i + 1, end)));
          i = end;
        } else if (c == '{') {
          if (inWords || half.indexOf('}', i) < 0) {
            throw unreadable(text, "a '{' has no '}' of its own in the same half");
          }
          inWords = true;
          regex.append("(?:");
        } else if (c == '}' && inWords) {
          inWords = false;
          regex.append(')');
        } else if (c == ',' && inWords) {
          regex.append('|');
        } else {
          regex.append(Pattern.quote(String.valueOf(c)));
        }
      }
      try {
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
      } catch (java.util.regex.PatternSyntaxException e) {
        throw new IllegalArgumentException(
            unreadable(text, "a set in '[]' makes no sense").getMessage(), e);
      }
    }

    private static String set(String members) {
      boolean not = members.startsWith("!");
      String escaped = members.substring(not ? 1 : 0).replaceAll("([\\\\\\[\\]&^])", "\\\\$1");
      return (not ? "[^" : "[") + escaped + "]";
    }

    private static IllegalArgumentException unreadable(String text, String reason) {
      return new IllegalArgumentException("'%s' is not a glob: %s".formatted(text, reason));
    }
  }
}
