package io.milvusferry.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.milvusferry.cli.output.Report;
import io.milvusferry.importer.SwapAction;
import io.milvusferry.manifest.CollectionName;
import java.util.ArrayList;
import java.util.List;

/** Which collections {@code ferry swap} dropped or put back. */
record SwapReport(SwapAction action, List<CollectionName> collections) implements Report {
  @Override
  public List<String> lines() {
    String done = action == SwapAction.DROP ? "dropped" : "put back";
    List<String> lines = new ArrayList<>();
    collections.forEach(name -> lines.add("  %-28s %s".formatted(name, done)));
    lines.add(
        collections.isEmpty()
            ? "nothing is kept of what an import of this archive replaced there"
            : "%d collections %s".formatted(collections.size(), done));
    return lines;
  }

  @Override
  public void describe(JsonObject json) {
    JsonArray names = new JsonArray();
    for (CollectionName name : collections) {
      JsonObject object = new JsonObject();
      JsonFindings.collection(object, name);
      names.add(object);
    }
    json.add("collections", names);
  }
}
