package io.milvusferry.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.milvusferry.cli.output.ProgressWords;
import io.milvusferry.cli.output.Report;
import io.milvusferry.manifest.Archive;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.manifest.Manifest;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.progress.ByteSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What {@code ferry inspect} found. */
record InspectReport(Path directory, Archive archive) implements Report {
  @Override
  public List<String> lines() {
    Manifest manifest = archive.manifest();
    List<String> lines = new ArrayList<>();
    lines.add("archive      %s   id %s".formatted(directory, archive.id().hex()));
    lines.add("created      %s by %s".formatted(manifest.createdAt(), manifest.createdBy()));
    lines.add("source       Milvus %s".formatted(manifest.source().version()));
    lines.add("consistency  " + OptionTypes.word(manifest.consistency().mode()));
    lines.add(
        "content      %d collections   %s   %s"
            .formatted(
                manifest.collections().size(),
                ProgressWords.rows(manifest.rows()),
                new ByteSize(manifest.bytes())));
    manifest.collections().forEach(entry -> describe(lines, entry));
    return lines;
  }

  private static void describe(List<String> lines, CollectionEntry entry) {
    CollectionDescription description = entry.description();
    lines.add("");
    lines.add(
        "%s   %s   %d parts   %s   %s"
            .formatted(
                entry.name(),
                ProgressWords.rows(entry.rows()),
                entry.parts().size(),
                new ByteSize(bytes(entry)),
                OptionTypes.word(entry.consistency().mode())));
    if (!entry.excerpt().isAll()) {
      lines.add("  excerpt    " + entry.excerpt());
    }
    for (FieldSpec field : description.schema().fields()) {
      lines.add("  field      " + describe(field));
      field.members().forEach(member -> lines.add("    member   " + describe(member)));
    }
    if (description.schema().enableDynamicField()) {
      lines.add("  field      further ones are allowed (dynamic)");
    }
    for (IndexSpec index : description.indexes()) {
      lines.add(
          "  index      %s %s %s %s"
              .formatted(index.field(), index.type(), index.metric(), index.params())
              .stripTrailing());
    }
    if (description.partitions().isEmpty()) {
      lines.add("  partitions %d by key".formatted(description.partitionCount()));
    } else {
      lines.add("  partitions " + String.join(", ", description.partitions()));
    }
    if (!description.aliases().isEmpty()) {
      lines.add("  aliases    " + String.join(", ", description.aliases()));
    }
    entry.consistency().reasons().forEach(reason -> lines.add("  note       " + reason));
  }

  private static String describe(FieldSpec field) {
    StringBuilder text =
        new StringBuilder(field.name())
            .append("  ")
            .append(field.members().isEmpty() ? field.typeText() : field.type());
    if (!field.typeParams().isEmpty()) {
      text.append(' ').append(field.typeParams());
    }
    text.append(field.primaryKey() ? "  primary key" : "");
    text.append(field.autoId() ? "  autoID" : "");
    text.append(field.partitionKey() ? "  partition key" : "");
    text.append(field.nullable() ? "  nullable" : "");
    text.append(field.defaultValue() == null ? "" : "  default " + field.defaultValue());
    text.append(field.functionOutput() ? "  computed" : "");
    return text.toString();
  }

  private static long bytes(CollectionEntry entry) {
    return entry.parts().stream().mapToLong(PartEntry::bytes).sum();
  }

  @Override
  public void describe(JsonObject result) {
    Manifest manifest = archive.manifest();
    result.addProperty("archive", directory.toString());
    result.addProperty("archiveId", archive.id().hex());
    result.addProperty("createdAt", manifest.createdAt().toString());
    result.addProperty("createdBy", manifest.createdBy());
    result.addProperty("source", manifest.source().version());
    result.addProperty("consistency", manifest.consistency().mode().name());
    result.add("collections", collections(manifest));
    result.addProperty("rows", Long.toString(manifest.rows()));
    result.addProperty("bytes", Long.toString(manifest.bytes()));
  }

  /** The collections of a manifest, as results list them. */
  static JsonArray collections(Manifest manifest) {
    JsonArray array = new JsonArray();
    for (CollectionEntry entry : manifest.collections()) {
      JsonObject object = new JsonObject();
      JsonFindings.collection(object, entry.name());
      object.addProperty("rows", Long.toString(entry.rows()));
      object.addProperty("fingerprint", entry.fingerprint().sum());
      object.addProperty("parts", entry.parts().size());
      if (!entry.excerpt().isAll()) {
        object.addProperty("excerpt", entry.excerpt().toString());
      }
      array.add(object);
    }
    return array;
  }
}
