package io.milvusferry.cli.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the word that someone probably meant. */
public final class Suggestion {
  private Suggestion() {}

  /** The known word that is nearest to what was written, if one is near. */
  public static Optional<String> nearest(String written, Collection<String> known) {
    int tolerated = Math.max(1, written.length() / 3);
    return known.stream()
        .filter(word -> distance(written, word) <= tolerated)
        .min(
            Comparator.comparingInt((String word) -> distance(written, word))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** A hint: the nearest word, else all of them. */
  public static String hint(String written, Collection<String> known) {
    return nearest(written, known)
        .map(word -> "Did you mean %s?".formatted(word))
        .orElseGet(
            () ->
                known.isEmpty()
                    ? "None is configured."
                    : "Known are %s."
                        .formatted(String.join(", ", known.stream().sorted().toList())));
  }

  /** How many letters have to be added, left out, replaced or exchanged with their neighbour. */
  static int distance(String one, String other) {
    int[][] cost = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        boolean same = lower(one, i - 1) == lower(other, j - 1);
        cost[i][j] =
            Math.min(
                Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + (same ? 0 : 1));
        if (i > 1
            && j > 1
            && lower(one, i - 1) == lower(other, j - 2)
            && lower(one, i - 2) == lower(other, j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[one.length()][other.length()];
  }

  private static char lower(String word, int index) {
    return Character.toLowerCase(word.charAt(index));
  }
}
