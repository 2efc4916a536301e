package io.milvusferry.importer;

import io.milvusferry.connector.CollectionTarget;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.IndexSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finds out what a server makes of a collection by making it for a moment: with its schema,
 * settings, properties and indexes, and one row of made-up values, since some servers refuse a type
 * only when rows come. What was found out is remembered.
 */
final class Rehearsal {
  private static final int TELLING_LENGTH = 40;
  private static final FieldSpec VECTOR =
      FieldSpec.of("ferry_probe_vector", FieldType.FLOAT_VECTOR, Map.of("dim", "2"));

  private final ImportContext context;
  private final ProbeCollections probes;
  private final Map<CollectionDescription, Outcome> known = new HashMap<>();

  /**
   * What the server made of a collection.
   *
   * @param refusal its words; empty if it took everything
   * @param made as the server describes it; as it was asked for where it was refused
   */
  record Outcome(String refusal, CollectionDescription made) {
    boolean taken() {
      return refusal.isEmpty();
    }
  }

  Rehearsal(ImportContext context, ProbeCollections probes) {
    this.context = context;
    this.probes = probes;
  }

  /** What the server makes of it, as far as it was asked before. */
  Outcome attempt(CollectionDescription wanted) {
    CollectionDescription shape = shape(wanted);
    Outcome outcome = known.get(shape);
    if (outcome == null) {
      outcome = ask(wanted);
      known.put(shape, outcome);
    }
    return outcome;
  }

  /** The same, asked again if the server refused it: it may have been a bad moment. */
  Outcome confirm(CollectionDescription wanted) {
    Outcome outcome = attempt(wanted);
    if (outcome.taken()) {
      return outcome;
    }
    known.remove(shape(wanted));
    return attempt(wanted);
  }

  /** Of names, only their length and odd characters tell anything. */
  private static CollectionDescription shape(CollectionDescription wanted) {
    String name = wanted.name().name();
    boolean usual = name.matches("[A-Za-z_][A-Za-z0-9_]*");
    String telling = usual ? "x".repeat(name.length() > TELLING_LENGTH ? name.length() : 1) : name;
    return wanted.withName(new CollectionName(CollectionName.DEFAULT_DATABASE, telling));
  }

  /** Types that are text on the wire, which a server that does not know them takes for text. */
  private static boolean isTextOnTheWire(FieldSpec field) {
    return field.type() == FieldType.TIMESTAMPTZ || field.type() == FieldType.TEXT;
  }

  /**
   * A collection with a type that no server without it takes, and that is older than those which
   * are text on the wire. Milvus 2.3 must never be given a row with one of them: it takes the row,
   * and ends when it writes it to its storage, and again at every start.
   */
  private static CollectionDescription older(CollectionDescription wanted) {
    FieldSpec geometry = FieldSpec.of("ferry_probe_shape", FieldType.GEOMETRY, Map.of());
    List<FieldSpec> fields = List.of(wanted.schema().primaryKey(), geometry);
    return wanted
        .withIndexes(List.of())
        .withProperties(new TreeMap<>())
        .withPartitionCount(0)
        .withSchema(new CollectionSchema(false, fields));
  }

  private Outcome ask(CollectionDescription wanted) {
    if (wanted.schema().fields().stream().anyMatch(Rehearsal::isTextOnTheWire)) {
      Outcome older = attempt(older(wanted));
      if (!older.taken()) {
        return new Outcome("it lacks GEOMETRY, which is older: " + older.refusal(), wanted);
      }
    }
    return probes.during(wanted.name().name(), name -> ask(wanted, name));
  }

  private Outcome ask(CollectionDescription wanted, CollectionName name) {
    CollectionDescription probe = wanted.withName(name).withSchema(withVector(wanted.schema()));
    Optional<String> refusal = make(probe, wanted.name().name());
    return refusal.isPresent()
        ? new Outcome(refusal.get(), wanted)
        : new Outcome("", withoutVector(context.server().source(name).describe()));
  }

  /** Makes and fills it; the server's words if it refuses that. */
  private Optional<String> make(CollectionDescription probe, String shown) {
    try {
      make(probe);
      return Optional.empty();
    } catch (FerryException e) {
      if (!isRefusal(e.code())) {
        throw e;
      }
      return Optional.of(words(e, probe.name(), shown));
    }
  }

  /** What a server says, with the name that people know instead of the probe's. */
  static String words(FerryException refusal, CollectionName probe, String shown) {
    return String.valueOf(refusal.getMessage())
        .replaceFirst("^(\\w+) .*?" + probe.name() + " at \\S+: ", "$1: ")
        .replace(probe.name(), shown);
  }

  private void make(CollectionDescription probe) {
    CollectionTarget target = context.server().target(probe.name());
    target.create(probe, TargetDescription.earlyProperties(probe));
    requireStructs(probe);
    SortedMap<String, String> late = TargetDescription.lateProperties(probe);
    if (!late.isEmpty()) {
      target.alterProperties(late);
    }
    target.insert("", ProbeRow.of(probe.schema()));
    for (IndexSpec index : probe.indexes()) {
      target.createIndex(index);
    }
  }

  /**
   * A server that does not know arrays of structs makes the collection without them, and must not
   * be given a row of them.
   */
  private void requireStructs(CollectionDescription probe) {
    if (probe.schema().fields().stream().allMatch(field -> field.members().isEmpty())) {
      return;
    }
    List<String> made =
        context.server().source(probe.name()).describe().schema().fields().stream()
            .map(FieldSpec::name)
            .toList();
    for (FieldSpec field : probe.schema().fields()) {
      if (!field.members().isEmpty() && !made.contains(field.name())) {
        throw new FerryException(
            ErrorCode.SERVER_INCAPABLE,
            "it makes the collection without the array of structs " + field.name(),
            "Import into a server that holds arrays of structs.",
            null);
      }
    }
  }

  /** Whether a failure says something about what was asked for. */
  static boolean isRefusal(ErrorCode code) {
    return switch (code) {
      case SERVER_REFUSED, SERVER_INCAPABLE, TYPE_UNKNOWN, ROW_TOO_LARGE -> true;
      default -> false;
    };
  }

  /** Many servers want one vector field at least. */
  static CollectionSchema withVector(CollectionSchema schema) {
    if (schema.fields().stream().anyMatch(field -> field.type().isVector())) {
      return schema;
    }
    List<FieldSpec> more = new ArrayList<>(schema.fields());
    more.add(VECTOR);
    return schema.withFields(more);
  }

  private static CollectionDescription withoutVector(CollectionDescription made) {
    Optional<FieldSpec> ours =
        made.schema().fields().stream()
            .filter(field -> field.name().equals(VECTOR.name()))
            .findFirst();
    if (ours.isEmpty()) {
      return made;
    }
    List<FieldSpec> others =
        made.schema().fields().stream().filter(field -> !field.equals(ours.get())).toList();
    return made.withSchema(made.schema().withFields(others));
  }
}
