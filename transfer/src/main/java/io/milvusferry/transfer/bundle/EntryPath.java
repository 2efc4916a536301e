package io.milvusferry.transfer.bundle;

import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.DigestList;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which paths may be in a bundle, and in which order: parts first, the seal last, each group by the
 * bytes of the path. So no path comes twice, and none clashes with another that differs in case.
 */
final class EntryPath {
  private static final Set<String> DIRECTORIES =
      Set.of(ArchiveLayout.DATA, ArchiveLayout.META, "queries");
  private static final Pattern SEGMENT = Pattern.compile("[a-z0-9][a-z0-9._-]{0,126}");
  private static final int DEEPEST = 4;

  private EntryPath() {}

  /**
   * @throws UnsafeBundleException when a path is none of ours, or stands in the wrong place
   */
  static void check(String path, String previous) throws UnsafeBundleException {
    if (!isOurs(path)) {
      throw new UnsafeBundleException("it holds a file named '%s'".formatted(printable(path)));
    }
    if (!previous.isEmpty() && compare(previous, path) >= 0) {
      throw new UnsafeBundleException(
          "'%s' comes after '%s'".formatted(printable(path), printable(previous)));
    }
  }

  private static boolean isOurs(String path) {
    if (path.equals(ArchiveLayout.README)) {
      return true;
    }
    String[] segments = path.split("/", -1);
    if (segments.length > DEEPEST
        || (segments.length > 1) != DIRECTORIES.contains(segments[0])
        || path.startsWith("ferry.")) {
      return false;
    }
    for (String segment : segments) {
      if (!SEGMENT.matcher(segment).matches()
          || segment.endsWith(".")
          || segment.endsWith(ArchiveLayout.PARTIAL)) {
        return false;
      }
    }
    return true;
  }

  private static int compare(String one, String other) {
    int byGroup = Integer.compare(group(one), group(other));
    return byGroup != 0 ? byGroup : DigestList.BY_BYTES.compare(one, other);
  }

  private static int group(String path) {
    if (path.startsWith(ArchiveLayout.DATA + "/")) {
      return 0;
    }
    return path.equals(ArchiveLayout.SEAL) ? 2 : 1;
  }

  private static String printable(String path) {
    String shown = path.length() > 80 ? path.substring(0, 80) + "…" : path;
    return shown.replaceAll("\\p{Cntrl}", "?");
  }
}
