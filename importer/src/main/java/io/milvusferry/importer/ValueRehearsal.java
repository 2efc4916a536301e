package io.milvusferry.importer;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.CollectionTarget;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.RowDifference;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds out whether a server keeps values of a form that it may refuse, or change without a word,
 * by writing one of them for a moment and reading it back. What was found out is remembered.
 */
final class ValueRehearsal {
  private final ImportContext context;
  private final ProbeCollections probes;
  private final Map<ValueForm, Optional<String>> known = new EnumMap<>(ValueForm.class);

  ValueRehearsal(ImportContext context, ProbeCollections probes) {
    this.context = context;
    this.probes = probes;
  }

  /**
   * What of the rows of a collection the server would not keep. Of contents that still grow nobody
   * knows: the comparison finds it.
   *
   * @param others what is refused already; no server is shown a field that it cannot hold
   */
  List<Refusal> refusals(CollectionEntry entry, CollectionName name, List<Refusal> others) {
    Set<String> paths = others.stream().map(Refusal::path).collect(Collectors.toSet());
    List<Refusal> refusals = new ArrayList<>();
    if (context.archive().growing()) {
      return refusals;
    }
    for (ValueExample example : ValueSearch.in(context.archive(), entry)) {
      if (paths.contains(path(example.field())) || paths.contains(path(example.shadowed()))) {
        continue;
      }
      Optional<String> loss =
          known.computeIfAbsent(example.form(), form -> loss(entry.description(), example));
      loss.ifPresent(
          words ->
              refusals.add(
                  new Refusal(
                      ErrorCode.TARGET_INCAPABLE,
                      path(example.field()),
                      "%s: the target does not keep %s, as row %s has it in field %s: %s"
                          .formatted(
                              name,
                              example.form().words(),
                              example.key(),
                              example.field().name(),
                              words),
                      "Import into a server that does, or leave the collection out with --skip.")));
    }
    return refusals;
  }

  private static String path(FieldSpec field) {
    return "schema.fields." + field.name();
  }

  /** What the server does to the value; empty if it gives it back. */
  private Optional<String> loss(CollectionDescription description, ValueExample example) {
    CollectionSchema schema = Rehearsal.withVector(schema(description.schema(), example));
    return probes.during(name -> ask(name, schema, example));
  }

  /** The key, the field, and whatever the value has to do with. */
  private static CollectionSchema schema(CollectionSchema whole, ValueExample example) {
    FieldSpec key = whole.primaryKey();
    List<FieldSpec> fields = new ArrayList<>();
    fields.add(FieldFeatures.plain(key).asPrimaryKey(false));
    FieldSpec other = example.shadowed();
    if (!other.name().equals(key.name())) {
      fields.add(FieldFeatures.plain(other));
    }
    return new CollectionSchema(example.field().name().equals(FieldSpec.DYNAMIC), fields);
  }

  private Optional<String> ask(CollectionName name, CollectionSchema schema, ValueExample example) {
    CollectionTarget target = context.server().target(name);
    target.create(ProbeCollections.description(name, schema), Map.of());
    RecordBatch row = row(schema, example);
    try {
      target.insert("", row);
    } catch (FerryException e) {
      if (!Rehearsal.isRefusal(e.code())) {
        throw e;
      }
      return Optional.of(Rehearsal.words(e, name, "the collection"));
    }
    CollectionSource source = context.server().source(name);
    source.createTemporaryIndexes("ferry_probe", context.limits().step());
    source.load(1, context.limits().step());
    List<RecordBatch> read = source.rows("", List.of(row.key(0)));
    source.release();
    if (read.stream().mapToInt(RecordBatch::rows).sum() != 1) {
      return Optional.of("it takes the row, and does not give it back");
    }
    RecordBatch back = read.stream().filter(batch -> batch.rows() == 1).findFirst().orElseThrow();
    RowDifference difference = RowDifference.between(row.fields(), row, 0, back, 0);
    return difference.fields().isEmpty()
        ? Optional.empty()
        : Optional.of(
            "field %s comes back as %s instead of %s"
                .formatted(difference.fields().get(0), difference.actual(), difference.expected()));
  }

  private static RecordBatch row(CollectionSchema schema, ValueExample example) {
    RecordBatch plain = ProbeRow.of(schema);
    List<Column> columns = new ArrayList<>();
    for (FieldSpec field : plain.fields()) {
      columns.add(
          field.name().equals(example.field().name())
              ? new Column.Bytes(new int[] {0, example.value().length}, example.value())
              : plain.column(field.name()));
    }
    return new RecordBatch(plain.fields(), columns, 1);
  }
}
