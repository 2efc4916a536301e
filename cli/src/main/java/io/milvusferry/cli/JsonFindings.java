package io.milvusferry.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.milvusferry.cli.output.Report;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.verify.DescriptionFinding;
import io.milvusferry.verify.FileFinding;
import io.milvusferry.verify.Finding;
import io.milvusferry.verify.RowFinding;

/** Findings as a report prints them. */
final class JsonFindings {
  private JsonFindings() {}

  static Report.Finding of(Finding finding) {
    JsonObject members = new JsonObject();
    members.addProperty("kind", OptionTypes.word(finding.kind()));
    if (finding instanceof FileFinding file) {
      members.addProperty("path", file.path());
    } else if (finding instanceof DescriptionFinding description) {
      collection(members, description.collection());
      members.addProperty("path", description.path());
    } else if (finding instanceof RowFinding row) {
      collection(members, row.collection());
      members.addProperty("partition", row.partition());
      members.addProperty("key", row.key());
      JsonArray fields = new JsonArray();
      row.fields().forEach(fields::add);
      members.add("fields", fields);
    }
    members.addProperty("expected", finding.expected());
    members.addProperty("actual", finding.actual());
    return new Report.Finding(finding.message(), members);
  }

  /** Adds the two halves of a collection's name. */
  static void collection(JsonObject object, CollectionName name) {
    object.addProperty("database", name.database());
    object.addProperty("name", name.name());
  }
}
