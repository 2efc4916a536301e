package io.milvusferry.importer;

import com.google.gson.stream.JsonReader;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.RowSource;
import io.milvusferry.record.Slice;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks through the documents and sparse vectors of a collection for values of a form that not
 * every server keeps; the first of each form is an example. One pass over those columns alone.
 */
final class ValueSearch {
  private final CollectionSchema schema;
  private final Map<String, byte[]> quoted;
  private final Map<ValueForm, ValueExample> found = new EnumMap<>(ValueForm.class);

  private ValueSearch(CollectionSchema schema) {
    this.schema = schema;
    this.quoted =
        schema.fields().stream()
            .map(FieldSpec::name)
            .collect(
                Collectors.toMap(
                    name -> name, name -> ('"' + name + '"').getBytes(StandardCharsets.UTF_8)));
  }

  /** An example of each form that the rows of an archive have. */
  static Collection<ValueExample> in(ArchiveContents archive, CollectionEntry entry) {
    ValueSearch search = new ValueSearch(entry.description().schema());
    search.read(archive.rows(entry));
    return search.found.values();
  }

  private void read(RowSource rows) {
    List<FieldSpec> fields =
        schema.rowFields().stream()
            .filter(
                field ->
                    field.type() == FieldType.JSON || field.type() == FieldType.SPARSE_FLOAT_VECTOR)
            .toList();
    if (fields.isEmpty()) {
      return;
    }
    Set<String> names = fields.stream().map(FieldSpec::name).collect(Collectors.toSet());
    for (Slice slice : rows.slices(1)) {
      try (BatchCursor cursor = rows.scan(slice, names)) {
        for (@Nullable RecordBatch batch = cursor.next(); batch != null; batch = cursor.next()) {
          for (FieldSpec field : fields) {
            look(field, batch);
          }
        }
      }
    }
  }

  private void look(FieldSpec field, RecordBatch batch) {
    Column column = batch.column(field.name());
    Column.Bytes values = (Column.Bytes) column.filled();
    for (int row = 0; row < batch.rows(); row++) {
      if (column.isNull(row)) {
        continue;
      }
      if (field.type() == FieldType.SPARSE_FLOAT_VECTOR) {
        if (values.length(row) == 0) {
          add(ValueForm.EMPTY, field, batch, row, field);
        }
      } else if (field.name().equals(FieldSpec.DYNAMIC)) {
        lookForShadow(field, batch, values, row);
      } else {
        int place = row;
        form(values, row).ifPresent(form -> add(form, field, batch, place, field));
      }
    }
  }

  private void add(
      ValueForm form, FieldSpec field, RecordBatch batch, int row, FieldSpec shadowed) {
    found.computeIfAbsent(
        form,
        absent ->
            new ValueExample(
                form,
                field,
                batch.key(row),
                ((Column.Bytes) batch.column(field.name()).filled()).get(row),
                shadowed));
  }

  /** What a document is, by its first letter; empty for an object, and for what is none at all. */
  private static Optional<ValueForm> form(Column.Bytes values, int row) {
    return switch (firstLetter(values, row)) {
      case '[' -> Optional.of(ValueForm.LIST);
      case '"' -> Optional.of(ValueForm.TEXT);
      case 't', 'f' -> Optional.of(ValueForm.TRUTH);
      case 'n' -> Optional.of(ValueForm.NOTHING);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> Optional.of(ValueForm.NUMBER);
      default -> Optional.empty();
    };
  }

  /** The first byte that is no white space; 0 where there is none. */
  private static byte firstLetter(Column.Bytes values, int row) {
    for (int at = values.offsets()[row]; at < values.offsets()[row + 1]; at++) {
      byte letter = values.bytes()[at];
      if (letter != ' ' && letter != '\t' && letter != '\n' && letter != '\r') {
        return letter;
      }
    }
    return 0;
  }

  private void lookForShadow(FieldSpec field, RecordBatch batch, Column.Bytes values, int row) {
    if (found.containsKey(ValueForm.SHADOW) || !mayHaveName(values, row)) {
      return;
    }
    shadowed(values.get(row)).ifPresent(of -> add(ValueForm.SHADOW, field, batch, row, of));
  }

  /** Whether the name of a field stands anywhere in quotes, or something that hides what it is. */
  private boolean mayHaveName(Column.Bytes values, int row) {
    byte[] bytes = values.bytes();
    int end = values.offsets()[row + 1];
    for (int at = values.offsets()[row]; at < end; at++) {
      if (bytes[at] == '\\') {
        return true;
      }
      if (bytes[at] == '"') {
        for (byte[] name : quoted.values()) {
          if (end - at >= name.length
              && Arrays.equals(bytes, at, at + name.length, name, 0, name.length)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** The field whose name a key of the document has; none where it is no object. */
  private Optional<FieldSpec> shadowed(byte[] document) {
    try (JsonReader json =
        new JsonReader(
            new InputStreamReader(new ByteArrayInputStream(document), StandardCharsets.UTF_8))) {
      json.beginObject();
      while (json.hasNext()) {
        Optional<FieldSpec> field =
            schema.field(json.nextName()).filter(named -> !named.functionOutput());
        if (field.isPresent()) {
          return field;
        }
        json.skipValue();
      }
      return Optional.empty();
    } catch (IOException | IllegalStateException noObject) {
      return Optional.empty();
    }
  }
}
