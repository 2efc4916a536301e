package io.milvusferry.gateway.proxy;

import io.milvus.shaded.io.grpc.CallOptions;
import io.milvus.shaded.io.grpc.Context;
import io.milvus.shaded.io.grpc.Status;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.Direction;
import io.milvusferry.gateway.journal.CollectionGate;
import io.milvusferry.gateway.journal.Mirror;
import io.milvusferry.gateway.journal.Mirroring;
import io.milvusferry.gateway.journal.WriteKind;
import io.milvusferry.manifest.CollectionName;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sends writes to the side that decides, and keeps those of mirrored collections in the journal for
 * the other one: on disk before that side sees them, and ended there before the application hears
 * the answer. Neither deadline nor cancellation of the application travels on, since they would
 * hide what that side did.
 */
final class DualWriter {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long DEADLINE_SECONDS = 600;

  private final Sides sides;
  private final Mirroring mirroring;
  private final CollectionDirectory directory;
  private final WriteThreads threads;
  private final SourceClock clock;

  DualWriter(
      Sides sides,
      Mirroring mirroring,
      CollectionDirectory directory,
      WriteThreads threads,
      SourceClock clock) {
    this.sides = sides;
    this.mirroring = mirroring;
    this.directory = directory;
    this.threads = threads;
    this.clock = clock;
  }

  /** Sees to a write, on another thread. */
  void write(WriteCall call) {
    threads.begin(
        () -> {
          try {
            begin(call);
          } catch (FerryException e) {
            call.answer(MilvusStatus.of(e));
          } catch (RuntimeException e) {
            call.answer(Answer.failed(Status.INTERNAL.withDescription("gateway: " + e)));
          }
        });
  }

  private void begin(WriteCall call) {
    CallNames names = Objects.requireNonNull(CallNames.of(call.method().getBareMethodName()));
    NamedCollections named = names.read(call.request(), call.headers());
    if (named.collections().size() != 1) {
      send(call, sides.source(), call.request(), call::answer);
      return;
    }
    CollectionName given = new CollectionName(named.database(), named.collections().get(0));
    Optional<Described> described = describe(given, call);
    CollectionName collection = described.map(Described::name).orElse(given);
    CollectionGate.Pass pass = pass(collection, call.kind());
    try {
      Optional<Mirror> mirror = mirroring.find(collection);
      if (described.isPresent() && mirror.filter(DualWriter::journaled).isPresent()) {
        new MirroredWrite(
                sides, mirroring, threads, clock, call, described.get(), mirror.get(), pass)
            .run();
        return;
      }
      Side side = sides.deciding(mirror.map(Mirror::direction).orElse(Direction.FORWARD));
      send(
          call,
          side,
          call.request(),
          answer -> {
            pass.close();
            call.answer(answer);
          });
    } catch (RuntimeException e) {
      pass.close();
      throw e;
    }
  }

  private Optional<Described> describe(CollectionName given, WriteCall call) {
    try {
      return directory.find(given, call.headers()).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof FerryException known) {
        if (mirroring.collections().isEmpty()) {
          return Optional.empty();
        }
        throw known;
      }
      throw e;
    }
  }

  /** Deletes run alone: no timestamp tells their place among other writes. */
  private CollectionGate.Pass pass(CollectionName collection, WriteKind kind) {
    while (true) {
      boolean alone = kind == WriteKind.DELETE && mirrored(collection);
      CollectionGate gate = mirroring.gate(collection);
      CollectionGate.Pass pass = alone ? gate.alone(PATIENCE) : gate.shared();
      if (alone || kind != WriteKind.DELETE || !mirrored(collection)) {
        return pass;
      }
      pass.close();
    }
  }

  private static boolean journaled(Mirror mirror) {
    return mirror.direction() != Direction.RETIRED && mirror.broken().isEmpty();
  }

  private boolean mirrored(CollectionName collection) {
    return mirroring.find(collection).isPresent();
  }

  /** Sends a write whatever the application does meanwhile. */
  static void send(WriteCall call, Side side, byte[] request, Consumer<Answer> then) {
    Context.ROOT.run(
        () ->
            UnaryCall.send(
                side,
                call.method(),
                side.headers(call.headers()),
                request,
                CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS),
                then));
  }
}
