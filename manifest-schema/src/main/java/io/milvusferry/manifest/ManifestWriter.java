package io.milvusferry.manifest;

import com.google.gson.FormattingStyle;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonWriter;
import io.milvusferry.digest.Fingerprint;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes {@code manifest.json}; the same manifest gives the same bytes. See {@code
 * docs/format/archive-v1.md}.
 */
public final class ManifestWriter {
  private final StringWriter text = new StringWriter();
  private final JsonWriter json = new JsonWriter(text);

  private ManifestWriter() {
    json.setStrictness(Strictness.STRICT);
    json.setFormattingStyle(FormattingStyle.PRETTY.withIndent(" "));
    json.setHtmlSafe(false);
  }

  /** The manifest as UTF-8 JSON, with a line feed at its end. */
  public static byte[] toBytes(Manifest manifest) {
    ManifestWriter writer = new ManifestWriter();
    try {
      writer.manifest(manifest);
      ByteBuffer bytes =
          StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(writer.text + "\n"));
      byte[] content = new byte[bytes.remaining()];
      bytes.get(content);
      return content;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a text of the manifest is no Unicode", e);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }

  private void manifest(Manifest manifest) throws IOException {
    json.beginObject();
    json.name("format").value(Manifest.FORMAT);
    json.name("formatVersion").value(manifest.formatVersion());
    strings("requires", manifest.requires());
    json.name("createdAt").value(manifest.createdAt().toString());
    json.name("createdBy").value(manifest.createdBy());
    json.name("creationId").value(manifest.creationId());
    json.name("source").beginObject();
    json.name("version").value(manifest.source().version());
    strings("capabilities", manifest.source().capabilities());
    json.endObject();
    consistency(manifest.consistency());
    json.name("databases").beginArray();
    for (DatabaseEntry database : manifest.databases()) {
      json.beginObject();
      json.name("name").value(database.name());
      map("properties", database.properties());
      json.endObject();
    }
    json.endArray();
    json.name("collections").beginArray();
    for (CollectionEntry entry : manifest.collections()) {
      collection(entry);
    }
    json.endArray();
    json.endObject();
  }

  private void collection(CollectionEntry entry) throws IOException {
    CollectionDescription about = entry.description();
    json.beginObject();
    json.name("number").value(entry.number());
    json.name("directory").value(entry.directory());
    json.name("database").value(about.name().database());
    json.name("name").value(about.name().name());
    json.name("description").value(about.description());
    strings("aliases", about.aliases());
    map("properties", about.properties());
    json.name("shards").value(about.shards());
    json.name("consistencyLevel").value(about.consistencyLevel());
    json.name("loadState").value(word(about.loadState()));
    json.name("replicas").value(about.replicas());
    strings("resourceGroups", about.resourceGroups());
    strings("partitionNames", about.partitions());
    json.name("partitionCount").value(about.partitionCount());
    excerpt(entry.excerpt());
    consistency(entry.consistency());
    schema(about.schema());
    json.name("indexes").beginArray();
    for (IndexSpec index : about.indexes()) {
      index(index);
    }
    json.endArray();
    json.name("partitions").beginArray();
    for (PartitionEntry partition : entry.partitions()) {
      json.beginObject();
      json.name("number").value(partition.number());
      json.name("name").value(partition.name());
      int64("rows", partition.fingerprint().rows());
      fingerprint(partition.fingerprint());
      json.endObject();
    }
    json.endArray();
    int64("rows", entry.rows());
    int64("countedRows", entry.countedRows());
    strings("duplicateKeys", entry.duplicateKeys());
    fingerprint(entry.fingerprint());
    json.name("parts").beginArray();
    for (PartEntry part : entry.parts()) {
      part(part);
    }
    json.endArray();
    json.endObject();
  }

  private void excerpt(Excerpt excerpt) throws IOException {
    if (!excerpt.isAll()) {
      json.name("excerpt").beginObject();
      strings("partitions", excerpt.partitions());
      strings("fields", excerpt.fields());
      json.name("where").value(excerpt.where());
      int64("limit", excerpt.limit());
      json.endObject();
    }
  }

  private void schema(CollectionSchema schema) throws IOException {
    json.name("schema").beginObject();
    json.name("enableDynamicField").value(schema.enableDynamicField());
    json.name("fields").beginArray();
    for (FieldSpec field : schema.fields()) {
      if (field.members().isEmpty()) {
        field(field);
      }
    }
    json.endArray();
    if (schema.fields().stream().anyMatch(field -> !field.members().isEmpty())) {
      structs(schema);
    }
    json.name("functions").beginArray();
    for (FunctionSpec function : schema.functions()) {
      json.beginObject();
      json.name("name").value(function.name());
      json.name("type").value(function.type());
      json.name("description").value(function.description());
      strings("inputs", function.inputs());
      strings("outputs", function.outputs());
      map("params", function.params());
      json.endObject();
    }
    json.endArray();
    json.endObject();
  }

  private void field(FieldSpec field) throws IOException {
    json.beginObject();
    named(field);
    json.name("type").value(field.type().name());
    FieldType elementType = field.elementType();
    if (elementType != null) {
      json.name("elementType").value(elementType.name());
    }
    json.name("primaryKey").value(field.primaryKey());
    json.name("autoId").value(field.autoId());
    json.name("partitionKey").value(field.partitionKey());
    json.name("clusteringKey").value(field.clusteringKey());
    json.name("nullable").value(field.nullable());
    if (field.defaultValue() != null) {
      json.name("default").value(field.defaultValue());
    }
    described(field);
    json.name("functionOutput").value(field.functionOutput());
    json.endObject();
  }

  private void structs(CollectionSchema schema) throws IOException {
    json.name("structFields").beginArray();
    for (FieldSpec struct : schema.fields()) {
      if (struct.members().isEmpty()) {
        continue;
      }
      json.beginObject();
      named(struct);
      described(struct);
      json.name("fields").beginArray();
      for (FieldSpec member : struct.members()) {
        json.beginObject();
        named(member);
        json.name("type").value(member.type().name());
        described(member);
        json.endObject();
      }
      json.endArray();
      json.endObject();
    }
    json.endArray();
  }

  private void named(FieldSpec field) throws IOException {
    int64("id", field.id());
    json.name("name").value(field.name());
  }

  private void described(FieldSpec field) throws IOException {
    map("typeParams", field.typeParams());
    json.name("description").value(field.description());
  }

  private void index(IndexSpec index) throws IOException {
    json.beginObject();
    json.name("field").value(index.field());
    json.name("name").value(index.name());
    json.name("type").value(index.type());
    json.name("metric").value(index.metric());
    map("params", index.params());
    json.endObject();
  }

  private void part(PartEntry part) throws IOException {
    json.beginObject();
    json.name("path").value(part.path());
    json.name("partition").value(part.partition());
    int64("rows", part.rows());
    int64("bytes", part.bytes());
    json.name("digest").value(part.digest().hex());
    json.name("minKey").value(part.minKey());
    json.name("maxKey").value(part.maxKey());
    fingerprint(part.fingerprint());
    json.name("lane").value(word(part.lane()));
    json.name("minServer").value(part.minServer());
    json.endObject();
  }

  private void consistency(Consistency consistency) throws IOException {
    json.name("consistency").beginObject();
    json.name("mode").value(word(consistency.mode()));
    int64("timestamp", consistency.timestamp());
    strings("reasons", consistency.reasons());
    json.endObject();
  }

  private void fingerprint(Fingerprint fingerprint) throws IOException {
    json.name("fingerprint").beginObject();
    json.name("algorithm").value(Fingerprint.ALGORITHM);
    int64("rows", fingerprint.rows());
    json.name("sum").value(fingerprint.sum());
    json.endObject();
  }

  private void int64(String name, long value) throws IOException {
    json.name(name).value(Long.toString(value));
  }

  private void strings(String name, List<String> values) throws IOException {
    json.name(name).beginArray();
    for (String value : values) {
      json.value(value);
    }
    json.endArray();
  }

  private void map(String name, Map<String, String> values) throws IOException {
    json.name(name).beginObject();
    for (Map.Entry<String, String> entry : values.entrySet()) {
      json.name(entry.getKey()).value(entry.getValue());
    }
    json.endObject();
  }

  /** One of our own words, as an enum constant, in lower case. */
  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
