package io.milvusferry.importer;

import io.milvusferry.connector.MilvusServer;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.LoadState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Plans collections that are loaded under temporary names, and remembers which names they are for.
 */
final class SwapPlanner {
  private final ImportRequest request;
  private final ImportContext context;
  private final Planner planner;
  private final SwapNames names;
  private final TargetView view;
  private final SortedMap<CollectionName, Swap> swaps = new TreeMap<>();

  /**
   * @param planner takes nothing for existing that another made
   */
  SwapPlanner(ImportRequest request, ImportContext context, Planner planner) {
    this.request = request;
    this.context = context;
    this.planner = planner;
    this.names = new SwapNames(context.journal().importId());
    this.view = new TargetView(request.target());
  }

  /** How collections take their names, by their temporary ones. */
  SortedMap<CollectionName, Swap> swaps() {
    return swaps;
  }

  /**
   * Requires that the server renames collections.
   *
   * @throws FerryException {@link ErrorCode#SERVER_INCAPABLE}
   */
  void requireRenames() {
    String nobody = "ferry_probe_" + context.journal().importId() + "_none";
    try {
      request
          .target()
          .target(new CollectionName(CollectionName.DEFAULT_DATABASE, nobody))
          .rename(nobody + "_either");
    } catch (FerryException e) {
      if (e.code() == ErrorCode.SERVER_INCAPABLE) {
        throw new FerryException(
            ErrorCode.SERVER_INCAPABLE,
            "the server renames no collections, so none can be swapped",
            "Use --publish direct.",
            e);
      }
      if (e.code() != ErrorCode.COLLECTION_NOT_FOUND && e.code() != ErrorCode.SERVER_REFUSED) {
        throw e;
      }
    }
  }

  PlannedCollection plan(CollectionEntry entry, CollectionName name) {
    Optional<Long> there = view.exists(name) ? Optional.of(id(name)) : Optional.empty();
    if (there.isPresent() && context.journal().progress(name).id().equals(there)) {
      return planner.plan(entry, name);
    }
    CollectionName temporary = names.temporary(name);
    List<String> aliases = name.equals(entry.name()) ? entry.description().aliases() : List.of();
    Optional<Decision> other = there.isPresent() ? existing(name) : Optional.empty();
    other = other.or(() -> taken(name, aliases));
    if (other.isPresent()) {
      CollectionDescription described = entry.description().withName(name);
      return new PlannedCollection(entry, described, other.get(), List.of());
    }
    swaps.put(
        temporary,
        new Swap(
            name, there.orElse(0L), aliases, entry.description().loadState() == LoadState.LOADED));
    PlannedCollection planned = planner.plan(entry, temporary);
    List<Deviation> deviations = new ArrayList<>(planned.deviations());
    deviations.removeIf(one -> one.path().equals("aliases") && !aliases.isEmpty());
    return new PlannedCollection(entry, planned.target(), planned.decision(), deviations);
  }

  /** What becomes of one that another made; nothing stands in the way where it may be replaced. */
  private Optional<Decision> existing(CollectionName name) {
    return switch (request.onExisting()) {
      case REPLACE -> Optional.empty();
      case SKIP -> Optional.of(new Decision.Skip());
      case APPEND ->
          Optional.of(
              Decision.Conflict.of(
                  ErrorCode.USAGE,
                  "%s exists at the target, and a swap adds no rows to it".formatted(name),
                  "Use --publish direct, or --on-existing replace."));
      case FAIL ->
          Optional.of(
              Decision.Conflict.of(
                  ErrorCode.TARGET_EXISTS,
                  "%s exists at the target, and no journal of this import tells that it was made by"
                          .formatted(name)
                      + " it",
                  "Say --on-existing replace, which keeps it as %s; or skip."
                      .formatted(names.kept(name).name())));
    };
  }

  /** Names and aliases that belong to others. */
  private Optional<Decision> taken(CollectionName name, List<String> aliases) {
    Optional<CollectionName> owner = view.owner(name.database(), name.name());
    if (owner.isPresent()) {
      return Optional.of(
          Decision.Conflict.of(
              ErrorCode.ALIAS_TAKEN,
              "%s is an alias of %s at the target".formatted(name, owner.get().name()),
              "Import under another name with --rename, or remove the alias."));
    }
    for (String alias : aliases) {
      CollectionName aliasName = new CollectionName(name.database(), alias);
      Optional<CollectionName> other = view.owner(name.database(), alias);
      boolean ours =
          other.isEmpty()
              || other.get().equals(name)
              || other.get().equals(names.temporary(name))
              || other.get().equals(aliasName);
      if (view.exists(aliasName) || !ours) {
        return Optional.of(
            Decision.Conflict.of(
                ErrorCode.ALIAS_TAKEN,
                "alias %s of %s belongs to %s at the target"
                    .formatted(alias, name, other.orElse(aliasName).name()),
                "Import under another name with --rename, which leaves aliases alone."));
      }
    }
    return Optional.empty();
  }

  private long id(CollectionName name) {
    MilvusServer server = request.target();
    return server.source(name).identity().id();
  }
}
