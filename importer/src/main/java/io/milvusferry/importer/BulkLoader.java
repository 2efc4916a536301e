package io.milvusferry.importer;

import io.milvusferry.connector.CollectionTarget;
import io.milvusferry.connector.ImportTask;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.PartEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Loads parts into one collection by the server's bulk import, one file a call, each exactly once.
 *
 * <p>The intent is in the journal before each call. A submission whose outcome is unknown is looked
 * for in the server's task list, and made again only when it is not there after the settling time.
 * When this fails, tasks may still run at the server; the next run finds them.
 */
final class BulkLoader implements AutoCloseable {
  private static final Duration WORTH_A_NOTICE = Duration.ofMinutes(1);
  private static final Duration AFTER_REFUSAL = Duration.ofSeconds(2);

  /** A task that is watched. */
  private static final class Flight {
    final PartEntry part;
    final String file;
    final long task;
    ImportTask.State state = ImportTask.State.PENDING;
    int progress = -1;
    Instant changed;
    @Nullable Instant missingSince;
    boolean slow;
    boolean counted;

    Flight(PartEntry part, String file, long task, Instant now) {
      this.part = part;
      this.file = file;
      this.task = task;
      this.changed = now;
    }
  }

  private final ImportContext context;
  private final TargetCollection collection;
  private final StagingArea staging;
  private final Consumer<PartEntry> loaded;
  private final SubmittedTasks submitted;
  private final List<Flight> inFlight = new ArrayList<>();
  private final Deque<PartEntry> waiting = new ArrayDeque<>();
  private final Map<String, Integer> attemptsBefore = new HashMap<>();

  /**
   * @param loaded hears of each part whose task is finished
   */
  BulkLoader(
      ImportContext context,
      TargetCollection collection,
      StagingArea staging,
      Consumer<PartEntry> loaded) {
    this.context = context;
    this.collection = collection;
    this.staging = staging;
    this.loaded = loaded;
    this.submitted = new SubmittedTasks(context, collection);
  }

  /**
   * Finds out what became of submissions that an earlier run, or a failed call, left open, and
   * waits for those that the server knows. Afterwards no part has an open submission.
   */
  void settle(List<PartEntry> parts) {
    for (PartEntry part : parts) {
      if (log().progress(part).open().isPresent()) {
        attach(part, true);
      }
    }
    while (!inFlight.isEmpty()) {
      watch();
    }
    waiting.clear();
  }

  /** Takes a part, which is not loaded and has no open submission; {@link #submit} submits it. */
  void add(PartEntry part) {
    waiting.add(part);
  }

  /** Whether parts wait for leave to be submitted, so that more would only lie here. */
  boolean full() {
    return !waiting.isEmpty();
  }

  /** Takes a waiting part back while other imports have all the leave there is; empty else. */
  Optional<PartEntry> takeBack() {
    return inFlight.isEmpty() ? Optional.ofNullable(waiting.poll()) : Optional.empty();
  }

  /** Whether parts are waiting or in flight. */
  boolean busy() {
    return !waiting.isEmpty() || !inFlight.isEmpty();
  }

  /** Submits what may be submitted. */
  void submit() {
    while (!waiting.isEmpty() && context.share().tryTakeImport()) {
      try {
        submit(waiting.remove());
      } finally {
        inFlight.stream()
            .filter(flight -> !flight.counted)
            .findFirst()
            .ifPresentOrElse(
                flight -> flight.counted = true, () -> context.share().giveBackImport());
      }
    }
  }

  /** Looks at what is in flight, and submits what may be submitted then. */
  void look() {
    context.times().run(ImportStage.IMPORT, this::lookAtAll);
    submit();
  }

  /** Lets some time pass, then looks. */
  void watch() {
    context.times().run(ImportStage.IMPORT, () -> context.pause().pause(context.limits().poll()));
    look();
  }

  /** Gives back the share of a load that failed; its tasks may go on at the server. */
  @Override
  public void close() {
    inFlight.forEach(this::giveBack);
    inFlight.clear();
  }

  private void giveBack(Flight flight) {
    if (flight.counted) {
      flight.counted = false;
      context.share().giveBackImport();
    }
  }

  private void submit(PartEntry part) {
    PartProgress progress = log().progress(part);
    int earlier = attemptsBefore.computeIfAbsent(part.path(), path -> progress.attempts());
    if (progress.attempts() >= earlier + context.limits().tries()) {
      throw gaveUp(part, progress);
    }
    int number = progress.attempts() + 1;
    StagingArea.Staged staged =
        context.times().measure(ImportStage.STAGING, () -> staging.stage(part, number));
    log()
        .submitting(
            part,
            new PartProgress.Attempt(
                number, staged.asServerSees(), submitted.known(staged), context.clock().millis()));
    try {
      long task = target().submitImport(collection.partitionName(part), staged.asServerSees());
      log().submitted(part, task);
      inFlight.add(new Flight(part, staged.asServerSees(), task, context.clock().instant()));
    } catch (FerryException e) {
      if (e.code() == ErrorCode.INTERRUPTED) {
        throw e;
      }
      if (!attach(part, !isAnswer(e) && e.code() != ErrorCode.SERVER_QUOTA)) {
        if (!e.code().retryable()) {
          throw e;
        }
        context
            .progress()
            .notice("bulk import of %s is tried again: %s".formatted(part.path(), e.getMessage()));
        context.pause().pause(AFTER_REFUSAL);
        waiting.addFirst(part);
      }
    }
  }

  /**
   * Takes up an open submission, or records that the server does not know of it.
   *
   * @param settle whether the server may still be at work on the call
   */
  private boolean attach(PartEntry part, boolean settle) {
    PartProgress progress = log().progress(part);
    PartProgress.Attempt attempt = progress.open().orElseThrow();
    Optional<Long> task = progress.openTask();
    if (task.isEmpty()) {
      task = submitted.find(progress, attempt, settle);
      if (task.isEmpty()) {
        log().failed(part, "the server knows of no task for " + attempt.file());
        staging.release(attempt.file());
        return false;
      }
      log().submitted(part, task.get());
    }
    inFlight.add(new Flight(part, attempt.file(), task.get(), context.clock().instant()));
    return true;
  }

  private void lookAtAll() {
    for (Flight flight : List.copyOf(inFlight)) {
      Optional<ImportTask> seen = ask(flight);
      if (seen.isEmpty()) {
        checkDeadline(flight);
        continue;
      }
      ImportTask task = seen.get();
      switch (task.state()) {
        case DONE -> {
          log().loaded(flight.part);
          end(flight);
          loaded.accept(flight.part);
        }
        case FAILED -> {
          log().failed(flight.part, task.reason());
          end(flight);
          context
              .progress()
              .notice(
                  "bulk import of %s failed and is made again: %s"
                      .formatted(flight.part.path(), task.reason()));
          waiting.addFirst(flight.part);
        }
        default -> {
          if (task.state() != flight.state || task.progressPercent() != flight.progress) {
            flight.state = task.state();
            flight.progress = task.progressPercent();
            flight.changed = context.clock().instant();
            flight.slow = false;
          }
          checkDeadline(flight);
        }
      }
    }
  }

  private void end(Flight flight) {
    inFlight.remove(flight);
    giveBack(flight);
    staging.release(flight.file);
  }

  /** Empty while the server does not answer, or does not know the task for a moment. */
  private Optional<ImportTask> ask(Flight flight) {
    try {
      ImportTask task = target().importTask(flight.task);
      flight.missingSince = null;
      return Optional.of(task);
    } catch (FerryException e) {
      if (e.code() == ErrorCode.INTERRUPTED) {
        throw e;
      }
      if (isAnswer(e)) {
        requireListed(flight, e);
      }
      return Optional.empty();
    }
  }

  /** Whether a failure is what the server said, and not that it said nothing. */
  private static boolean isAnswer(FerryException failure) {
    return !failure.code().retryable() || failure.code() == ErrorCode.SERVER_REFUSED;
  }

  private void requireListed(Flight flight, FerryException cause) {
    boolean listed;
    try {
      listed = submitted.lists(flight.task);
    } catch (FerryException e) {
      if (e.code() == ErrorCode.INTERRUPTED) {
        throw e;
      }
      return;
    }
    Instant now = context.clock().instant();
    if (listed) {
      flight.missingSince = null;
    } else if (flight.missingSince == null) {
      flight.missingSince = now;
    } else if (flight.missingSince.plus(context.limits().settle()).isBefore(now)) {
      throw new FerryException(
          ErrorCode.IMPORT_UNCERTAIN,
          "the server forgot bulk import %d of %s into %s"
              .formatted(flight.task, flight.part.path(), collection.name()),
          "Compare the collection with the archive, or import it anew with --on-existing replace.",
          cause);
    }
  }

  private void checkDeadline(Flight flight) {
    Duration limit =
        flight.state == ImportTask.State.PENDING
            ? context.limits().pending()
            : context.limits().running();
    Duration still = Duration.between(flight.changed, context.clock().instant());
    if (!flight.slow && still.compareTo(WORTH_A_NOTICE) > 0) {
      flight.slow = true;
      context
          .progress()
          .notice(
              "bulk import %d of %s is %s without a change for %d s; giving up after %d s"
                  .formatted(
                      flight.task,
                      flight.part.path(),
                      flight.state,
                      still.toSeconds(),
                      limit.toSeconds()));
    }
    if (still.compareTo(limit) > 0) {
      throw new FerryException(
          ErrorCode.IMPORT_TASK_STUCK,
          "bulk import %d of %s into %s is %s at %d %% without a change for %d s"
              .formatted(
                  flight.task,
                  flight.part.path(),
                  collection.name(),
                  flight.state,
                  Math.max(flight.progress, 0),
                  still.toSeconds()),
          "Look at the server's log; run the same command again, it takes up the same bulk import.",
          null);
    }
  }

  private FerryException gaveUp(PartEntry part, PartProgress progress) {
    List<String> failures = progress.failures();
    return new FerryException(
        ErrorCode.IMPORT_TASK_FAILED,
        "the server did not import %s into %s in %d tries, at last: %s"
            .formatted(
                part.path(),
                collection.name(),
                context.limits().tries(),
                failures.isEmpty() ? "no reason given" : failures.get(failures.size() - 1)),
        "Repair what the server complains about, or run again without --staging to insert rows.",
        null);
  }

  private CollectionLog log() {
    return collection.log();
  }

  private CollectionTarget target() {
    return context.server().target(collection.name());
  }
}
