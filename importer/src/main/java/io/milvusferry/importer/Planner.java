package io.milvusferry.importer;

import io.milvusferry.connector.CollectionIdentity;
import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.connector.SegmentState;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.LoadState;
import io.milvusferry.record.Key;
import io.milvusferry.verify.DescriptionComparison;
import io.milvusferry.verify.DescriptionFinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Holds the archive against the target and the journal; writes nothing but what a {@link Rehearsal}
 * makes for a moment.
 */
final class Planner {
  private final ImportRequest request;
  private final ArchiveContents archive;
  private final ImportJournal journal;
  private final MilvusServer server;
  private final TargetView view;
  private final Rehearsal rehearsal;
  private final ValueRehearsal values;
  private final NullSearch nulls;

  Planner(
      ImportRequest request,
      ArchiveContents archive,
      ImportJournal journal,
      Rehearsal rehearsal,
      ValueRehearsal values) {
    this.rehearsal = rehearsal;
    this.values = values;
    this.nulls = new NullSearch(archive);
    this.request = request;
    this.archive = archive;
    this.journal = journal;
    this.server = request.target();
    this.view = new TargetView(server);
  }

  PlannedCollection plan(CollectionEntry entry, CollectionName name) {
    List<Deviation> deviations = new ArrayList<>();
    CollectionDescription target = TargetDescription.of(entry, name, request.autoId(), deviations);
    if (request.onExisting() == OnExisting.SKIP
        && view.exists(name)
        && journal.progress(name).begin().isEmpty()) {
      return new PlannedCollection(entry, target, new Decision.Skip(), List.of());
    }
    List<Refusal> refusals = new ArrayList<>();
    incapable(entry, name).ifPresent(refusals::add);
    nameTaken(target).ifPresent(refusals::add);
    Adaptation.Adapted adapted = Adaptation.of(target, rehearsal, field -> nulls.has(entry, field));
    refusals.addAll(adapted.refusals());
    deviations.addAll(adapted.deviations());
    refusals.addAll(values.refusals(entry, name, refusals));
    if (!refusals.isEmpty()) {
      return new PlannedCollection(entry, target, new Decision.Conflict(refusals), deviations);
    }
    deviations.addAll(
        DatabaseProperties.deviations(
            server,
            name.database(),
            view.hasDatabase(name.database()),
            DatabaseProperties.of(archive, entry)));
    Decision decision = view.exists(name) ? existing(entry, adapted.made()) : new Decision.Create();
    if (decision instanceof Decision.Append) {
      deviations.removeIf(one -> !one.path().startsWith("schema."));
      DescriptionComparison.of(target, server.source(name).describe(), Set.of()).findings().stream()
          .filter(finding -> !finding.path().startsWith("schema."))
          .map(Planner::stays)
          .forEach(deviations::add);
    }
    return new PlannedCollection(entry, adapted.target(), decision, deviations);
  }

  private static Deviation stays(DescriptionFinding finding) {
    return Deviation.asked(
        finding.path(),
        "rows are added to a collection that is there",
        finding.actual().isEmpty()
            ? "nothing is added to it"
            : "it stays '%s'".formatted(finding.actual()));
  }

  private Optional<Refusal> incapable(CollectionEntry entry, CollectionName name) {
    if (!name.database().equals(CollectionName.DEFAULT_DATABASE)
        && !server.capabilities().databases()) {
      return refusal(
          ErrorCode.SERVER_INCAPABLE,
          "the server has no databases, so that %s cannot be made".formatted(name),
          "Give it a name in the default database: --rename %s=default.%s"
              .formatted(entry.name(), name.name()));
    }
    if (entry.description().partitions().size() > 1 && !server.capabilities().partitions()) {
      return refusal(
          ErrorCode.SERVER_INCAPABLE,
          "the server has no partitions, but %s has %d"
              .formatted(entry.name(), entry.description().partitions().size()),
          "Import into a server with partitions, or leave the collection out with --skip.");
    }
    return Optional.empty();
  }

  /** Names and aliases that belong to others at the target. */
  private Optional<Refusal> nameTaken(CollectionDescription target) {
    CollectionName name = target.name();
    Optional<CollectionName> owner = view.owner(name.database(), name.name());
    if (owner.isPresent()) {
      return refusal(
          ErrorCode.ALIAS_TAKEN,
          "%s is an alias of %s at the target".formatted(name, owner.get().name()),
          "Import under another name with --rename, or remove the alias.");
    }
    if (request.onExisting() == OnExisting.SKIP && view.exists(name)) {
      return Optional.empty();
    }
    for (String alias : target.aliases()) {
      CollectionName aliasName = new CollectionName(name.database(), alias);
      if (view.exists(aliasName)) {
        return refusal(
            ErrorCode.ALIAS_TAKEN,
            "alias %s of %s is the name of a collection at the target".formatted(alias, name),
            "Rename that collection, then run the same command again.");
      }
      Optional<CollectionName> other = view.owner(name.database(), alias);
      boolean ours = other.isEmpty() || other.get().equals(name) || ownAliasUnlisted(name);
      if (!ours) {
        return refusal(
            ErrorCode.ALIAS_TAKEN,
            "alias %s of %s belongs to %s at the target"
                .formatted(alias, name, other.map(CollectionName::name).orElse("")),
            "Import under another name with --rename, which leaves aliases alone; or, if nobody uses"
                + " it there, remove the alias.");
      }
    }
    return Optional.empty();
  }

  /** On a server that lists no aliases, one may be there because an earlier run has set it. */
  private boolean ownAliasUnlisted(CollectionName name) {
    return !server.capabilities().aliases() && journal.progress(name).id().isPresent();
  }

  private Decision existing(CollectionEntry entry, CollectionDescription target) {
    CollectionSource source = server.source(target.name());
    CollectionProgress progress = journal.progress(target.name());
    long id = source.identity().id();
    boolean sameEntry =
        progress.begin().filter(begin -> begin.entry() == entry.number()).isPresent();
    if (sameEntry && progress.id().isPresent() && progress.id().get() == id) {
      return begun(entry, target, source, progress, id);
    }
    if (sameEntry && progress.id().isEmpty()) {
      if (progress.dropping().isPresent() && progress.dropping().get() == id) {
        return new Decision.Replace(id);
      }
      if (madeByLostCall(target, source, progress)) {
        return new Decision.Continue(id);
      }
    }
    return foreign(entry, target, source, id);
  }

  /** A collection of this import's making, as the journal says. */
  private Decision begun(
      CollectionEntry entry,
      CollectionDescription target,
      CollectionSource source,
      CollectionProgress progress,
      long id) {
    CollectionProgress.Begin begin = progress.begin().orElseThrow();
    CollectionProgress.End end = progress.end().orElse(null);
    if (end != null && request.onExisting() == OnExisting.REPLACE) {
      return new Decision.Replace(id);
    }
    if (entry.description().schema().primaryKey().autoId() && begin.autoId() != request.autoId()) {
      return Decision.Conflict.of(
          ErrorCode.USAGE,
          "the import of %s began with --auto-id %s".formatted(target.name(), flag(begin.autoId())),
          "Say the same again, or drop the collection to import it anew.");
    }
    if (end == null
        || end == CollectionProgress.End.DIFFERENT
        || (end == CollectionProgress.End.NOT_COMPARED && request.compare())) {
      return new Decision.Continue(id);
    }
    Optional<Long> count =
        source.loadState() == LoadState.LOADED ? source.count() : Optional.<Long>empty();
    long expected = entry.rows() + begin.rowsBefore();
    if (!begin.append() && count.isPresent() && count.get() != expected) {
      return Decision.Conflict.of(
          ErrorCode.TARGET_CHANGED,
          "%s was imported completely at %s, but now holds %d rows instead of %d"
              .formatted(target.name(), progress.endedAt(), count.get(), expected),
          "Compare it with the archive, or import it anew with --on-existing replace.");
    }
    return new Decision.NothingToDo(id, end == CollectionProgress.End.EQUAL);
  }

  private static String flag(AutoId autoId) {
    return autoId == AutoId.KEEP_KEYS ? "keep-keys" : "new-keys";
  }

  /**
   * Whether the collection comes from a call of ours whose answer never came: of the same schema,
   * made after the call began, and without persistent rows.
   */
  private static boolean madeByLostCall(
      CollectionDescription target, CollectionSource source, CollectionProgress progress) {
    if (progress.creatingSince().isEmpty()
        || !SchemaDifferences.between(target, source.describe()).isEmpty()) {
      return false;
    }
    CollectionIdentity identity = source.identity();
    long since = progress.creatingSince().get();
    boolean older =
        since > 0 && identity.createdTimestamp() > 0 && identity.createdTimestamp() < since;
    return !older
        && source.segments().orElse(List.of()).stream().mapToLong(SegmentState::rows).sum() == 0;
  }

  /** A collection that this import did not make. */
  private Decision foreign(
      CollectionEntry entry, CollectionDescription target, CollectionSource source, long id) {
    CollectionName name = target.name();
    if (request.onExisting() == OnExisting.SKIP) {
      return new Decision.Skip();
    }
    if (request.onExisting() == OnExisting.REPLACE) {
      return new Decision.Replace(id);
    }
    List<String> differences = SchemaDifferences.between(target, source.describe());
    if (!differences.isEmpty()) {
      return Decision.Conflict.of(
          ErrorCode.TARGET_SCHEMA_DIFFERS,
          "%s exists at the target with another schema: %s"
              .formatted(name, String.join(", ", differences)),
          "Import under another name with --rename, or say --on-existing skip or replace.");
    }
    if (request.onExisting() == OnExisting.FAIL) {
      return Decision.Conflict.of(
          ErrorCode.TARGET_EXISTS,
          "%s exists at the target, and no journal of this import tells that it was made by it"
              .formatted(name),
          "Say --on-existing skip, append or replace, or import under another name with --rename.");
    }
    return append(entry, target, source, id);
  }

  private Decision append(
      CollectionEntry entry, CollectionDescription target, CollectionSource source, long id) {
    Optional<Long> count =
        source.loadState() == LoadState.LOADED ? source.count() : Optional.<Long>empty();
    if (count.isEmpty()) {
      return Decision.Conflict.of(
          ErrorCode.COLLECTION_NOT_LOADED,
          "%s is not loaded, so that its keys cannot be held against the archive's"
              .formatted(target.name()),
          "Load the collection at the target, then run the same command again.");
    }
    if (count.get() > 0 && !target.schema().primaryKey().autoId()) {
      Optional<Key> shared = KeyOverlap.first(archive.rows(entry), source);
      if (shared.isPresent()) {
        return Decision.Conflict.of(
            ErrorCode.KEYS_EXIST,
            "%s holds key %s of the archive already".formatted(target.name(), shared.get()),
            "Import under another name with --rename, or replace the collection.");
      }
    }
    return new Decision.Append(id, count.get());
  }

  private static Optional<Refusal> refusal(ErrorCode code, String message, String hint) {
    return Optional.of(new Refusal(code, Refusal.WHOLE, message, hint));
  }
}
