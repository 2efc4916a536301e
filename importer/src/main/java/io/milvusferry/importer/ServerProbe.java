package io.milvusferry.importer;

import io.milvusferry.connector.CollectionTarget;
import io.milvusferry.connector.ImportTask;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.PartEntry;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Proves that the server can read staged parts, before anything else is written.
 *
 * <p>A part is submitted into an empty collection {@code ferry_probe_…} whose schema has none of
 * its fields. The server refuses it; when the refusal names one of the part's fields, the server
 * has opened the file. The collection is dropped afterwards, after a crash by the next run.
 */
final class ServerProbe {
  private static final List<String> UNREADABLE =
      List.of("no such file", "not exist", "not found", "denied", "not permitted");

  private static final CollectionSchema SCHEMA =
      new CollectionSchema(
          false,
          List.of(
              FieldSpec.of("ferry_probe_key", FieldType.INT64, Map.of()).asPrimaryKey(false),
              FieldSpec.of("ferry_probe_vector", FieldType.FLOAT_VECTOR, Map.of("dim", "2"))));

  private final ImportContext context;
  private final ProbeCollections probes;

  ServerProbe(ImportContext context, ProbeCollections probes) {
    this.context = context;
    this.probes = probes;
  }

  /**
   * @throws FerryException {@link ErrorCode#STAGING_UNREADABLE} when the server does not show that
   *     it can read the part
   */
  void prove(StagingArea staging, CollectionEntry entry, PartEntry part) {
    probes.during(
        name -> {
          prove(name, staging, entry, part);
          return name;
        });
  }

  private void prove(
      CollectionName name, StagingArea staging, CollectionEntry entry, PartEntry part) {
    StagingArea.Staged staged = staging.stage(part, 0);
    try {
      CollectionTarget probe = context.server().target(name);
      probe.create(ProbeCollections.description(name, SCHEMA), Map.of());
      judge(entry, part, staged, outcome(probe, staged.asServerSees()));
    } catch (FerryException e) {
      try {
        staging.release(staged.asServerSees());
      } catch (FerryException leftForTheNextRun) {
        e.addSuppressed(leftForTheNextRun);
      }
      throw e;
    }
    staging.release(staged.asServerSees());
  }

  private String outcome(CollectionTarget probe, String file) {
    long task;
    try {
      task = probe.submitImport("", file);
    } catch (FerryException refused) {
      if (refused.code().retryable() && refused.code() != ErrorCode.SERVER_REFUSED) {
        throw refused;
      }
      return String.valueOf(refused.getMessage());
    }
    Instant end = context.clock().instant().plus(context.limits().pending());
    while (true) {
      ImportTask seen = probe.importTask(task);
      if (seen.state() == ImportTask.State.FAILED) {
        return seen.reason();
      }
      if (seen.state() == ImportTask.State.DONE) {
        return "the server took a file that does not fit the schema";
      }
      if (context.clock().instant().isAfter(end)) {
        return "no answer within " + context.limits().pending().toSeconds() + " s";
      }
      context.pause().pause(context.limits().poll());
    }
  }

  private static void judge(
      CollectionEntry entry, PartEntry part, StagingArea.Staged staged, String reason) {
    String words = reason.replace(staged.asServerSees(), "");
    boolean opened =
        words.equals(reason)
            && UNREADABLE.stream().noneMatch(reason.toLowerCase(Locale.ROOT)::contains)
            && entry.description().schema().rowFields().stream()
                .anyMatch(field -> namesField(words, field.name()));
    if (!opened) {
      throw new FerryException(
          ErrorCode.STAGING_UNREADABLE,
          "the server does not show that it can read %s, staged as %s: %s"
              .formatted(part.path(), staged.asServerSees(), reason),
          "Name a directory that the server's process sees, as DIR=DIR-AS-SEEN-BY-SERVER, or leave"
              + " --staging out to insert rows.",
          null);
    }
  }

  /** Whether a field's name stands in a text as a word of its own. */
  private static boolean namesField(String text, String field) {
    int at = text.indexOf(field);
    while (at >= 0) {
      int end = at + field.length();
      boolean starts = at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
      boolean ends = end == text.length() || !Character.isLetterOrDigit(text.charAt(end));
      if (starts && ends) {
        return true;
      }
      at = text.indexOf(field, at + 1);
    }
    return false;
  }
}
