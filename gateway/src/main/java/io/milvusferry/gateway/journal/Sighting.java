package io.milvusferry.gateway.journal;

import io.milvusferry.record.Key;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What both sides said of some rows at one moment. A busy server was seen to answer without rows
 * that it had acknowledged, so one look is never enough to take a row away.
 *
 * @param deciding digests of the rows that the deciding side has
 * @param following the same of the side that follows
 */
public record Sighting(Map<Key, ByteBuffer> deciding, Map<Key, ByteBuffer> following) {
  public Sighting {
    deciding = Map.copyOf(deciding);
    following = Map.copyOf(following);
  }

  /**
   * What is to be done about rows.
   *
   * @param write rows of the deciding side that the other one lacks, or has otherwise
   * @param delete rows that only the side that follows has
   * @param losses how many of them the side that follows has, so that it loses what it has
   * @param unsettled how many must be left alone for now
   */
  public record Difference(List<Key> write, List<Key> delete, int losses, int unsettled) {
    public Difference {
      write = List.copyOf(write);
      delete = List.copyOf(delete);
    }
  }

  /**
   * What is to be done about rows by this look and an earlier one.
   *
   * @param before a row is settled when both sides said the same of it then, so that nobody wrote
   *     it meanwhile; or, if somebody did, when both sides were equal each time; null for no
   *     earlier look, and then rows are only added
   */
  public Difference difference(Collection<Key> keys, @Nullable Sighting before) {
    List<Key> write = new ArrayList<>();
    List<Key> delete = new ArrayList<>();
    int losses = 0;
    int unsettled = 0;
    for (Key key : new LinkedHashSet<>(keys)) {
      if (!settled(key, before)) {
        unsettled++;
      } else if (!equal(key)) {
        (deciding.containsKey(key) ? write : delete).add(key);
        losses += following.containsKey(key) ? 1 : 0;
      }
    }
    return new Difference(write, delete, losses, unsettled);
  }

  private boolean settled(Key key, @Nullable Sighting before) {
    if (before == null) {
      return equal(key) || !following.containsKey(key);
    }
    boolean same =
        Objects.equals(deciding.get(key), before.deciding.get(key))
            && Objects.equals(following.get(key), before.following.get(key));
    return same || (equal(key) && before.equal(key));
  }

  private boolean equal(Key key) {
    return Objects.equals(deciding.get(key), following.get(key));
  }
}
