package io.milvusferry.manifest;

import io.milvusferry.progress.ByteSize;
import java.util.Locale;
import java.util.stream.Collectors;

/** The page in an archive that tells a stranger what it is and how to use it without ferry. */
final class BagReadme {
  private static final String CHECKING =
      """

      ## Check it

      Any machine with coreutils can do it, from inside this directory:

      ```sh
      sha256sum -c tagmanifest-sha256.txt    # the list of parts and everything that describes them
      sha256sum -c manifest-sha256.txt       # the parts
      ```

      or, without coreutils:

      ```python
      import hashlib, pathlib
      for name in ("tagmanifest-sha256.txt", "manifest-sha256.txt"):
          for line in pathlib.Path(name).read_text("utf-8").splitlines():
              digest, path = line.split("  ", 1)
              found = hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()
              print("ok     " if found == digest else "CHANGED", path)
      ```

      The archive is a BagIt bag (RFC 8493). Its identity is the SHA-256 of `tagmanifest-sha256.txt`.
      `ferry verify` does all of this, and finds files that do not belong here.

      ## Read it

      The parts are plain Parquet. A float vector is a list of floats; a binary or float16 vector is
      its bytes, little-endian; JSON and the dynamic field `$meta` are text.

      ```python
      import pyarrow.dataset as ds
      table = ds.dataset("data/DIRECTORY", format="parquet").to_table()
      ```

      ```sql
      SELECT * FROM read_parquet('data/DIRECTORY/*/*.parquet', hive_partitioning = false);
      ```

      `datasets.load_dataset("path/of/this/directory", "DIRECTORY")` of Hugging Face reads it too.

      ## Load it into Milvus without ferry

      `manifest.json` has the schema, the indexes, the partitions, the aliases and the properties.
      Create the collection and its partitions from it, copy the parts to where the server reads bulk
      imports from, and import each one into the partition that `parts[].partition` names:

      ```python
      from pymilvus import utility
      utility.do_bulk_insert("COLLECTION", partition_name="PARTITION", files=["/path/seen/by/the/server/part-00000.parquet"])
      ```

      With a partition key, leave the partition out. Parts with `"lane": "insert"` hold values that
      the bulk import refuses (NaN, infinity): read them and insert the rows. With an autoID key,
      create the collection without autoID to keep the keys.
      """;

  private BagReadme() {}

  static String text(Manifest manifest) {
    return frontMatter(manifest) + introduction(manifest) + CHECKING;
  }

  /** Lets Hugging Face find the files of each collection. */
  private static String frontMatter(Manifest manifest) {
    String configs =
        manifest.collections().stream()
            .filter(entry -> !entry.parts().isEmpty())
            .map(
                entry ->
                    "- config_name: \"%s\"\n  data_files: \"data/%s/*/*.parquet\"\n"
                        .formatted(entry.directory(), entry.directory()))
            .collect(Collectors.joining());
    return configs.isEmpty() ? "" : "---\nconfigs:\n" + configs + "---\n\n";
  }

  private static String introduction(Manifest manifest) {
    StringBuilder text =
        new StringBuilder("# Collections of a Milvus server\n\n")
            .append("Written by ")
            .append(plain(manifest.createdBy()))
            .append(", begun at ")
            .append(manifest.createdAt())
            .append(".\nConsistency: ")
            .append(manifest.consistency().mode().name().toLowerCase(Locale.ROOT))
            .append(
                ".\n\n| directory | collection | rows | parts | size |\n|---|---|--:|--:|--:|\n");
    for (CollectionEntry entry : manifest.collections()) {
      long bytes = entry.parts().stream().mapToLong(PartEntry::bytes).sum();
      text.append(
          String.format(
              Locale.ROOT,
              "| `data/%s` | %s | %d | %d | %s |\n",
              entry.directory(),
              plain(entry.name().toString()),
              entry.rows(),
              entry.parts().size(),
              new ByteSize(bytes)));
    }
    return text.toString();
  }

  /** Text from elsewhere, so that it cannot be taken for Markdown or HTML. */
  private static String plain(String text) {
    return text.replaceAll("[^\\p{L}\\p{N} ._+()-]", "?");
  }
}
