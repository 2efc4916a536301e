package io.milvusferry.cli;

import io.milvusferry.importer.AutoId;
import io.milvusferry.importer.OnExisting;
import io.milvusferry.importer.Staging;
import io.milvusferry.importer.TargetNames;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** What decides how an archive would be imported. */
class PlanOptions {
  @Option(
      names = "--rename",
      paramLabel = "OLD=NEW",
      description = "Give a collection another name at the target; may be repeated.")
  Map<String, String> rename = new LinkedHashMap<>();

  @Option(
      names = "--into-database",
      paramLabel = "DB",
      description = "Put collections into this database, whatever theirs is.")
  String intoDatabase = "";

  @Option(
      names = "--staging",
      paramLabel = "PLACE",
      description =
          "Where the server can read files: in-place (the archive itself), DIR or"
              + " DIR=DIR-AS-SEEN-BY-SERVER. Without it rows are inserted, which is slower.")
  Staging staging = new Staging.None();

  @Option(
      names = "--on-existing",
      paramLabel = "WAY",
      defaultValue = "fail",
      description =
          "What to do with a collection that is there already: fail, skip, append or replace;"
              + " default: ${DEFAULT-VALUE}. A rerun of the same import continues anyway.")
  OnExisting onExisting = OnExisting.FAIL;

  @Option(
      names = "--auto-id",
      paramLabel = "WAY",
      defaultValue = "keep-keys",
      description =
          "Keys that the source made up: keep-keys (the target's applications must send keys from"
              + " then on) or new-keys; default: ${DEFAULT-VALUE}.")
  AutoId autoId = AutoId.KEEP_KEYS;

  @Option(
      names = "--strict",
      description = "Refuse what the target cannot keep instead of declaring it.")
  boolean strict;

  /** Which name each collection gets at the target. */
  TargetNames names() {
    return new TargetNames(rename, intoDatabase);
  }
}
